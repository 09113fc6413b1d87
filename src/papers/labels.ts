/** All fixed words that we print, in both languages. */
export const LABELS = {
  // Titles
  commercial_invoice: { en: 'Commercial Invoice', zh: '商业发票' },
  packing_list: { en: 'Packing List', zh: '装箱单' },
  cn22: { en: 'Customs Declaration CN22', zh: '报关签条 CN22' },
  cn23: { en: 'Customs Declaration CN23', zh: '报关单 CN23' },
  certificate_of_origin: { en: 'Certificate of Origin: data', zh: '原产地证书资料' },
  eu_h7: { en: 'EU import declaration H7: data', zh: '欧盟进口申报资料 H7' },
  eu_h1: { en: 'EU import declaration H1: data', zh: '欧盟进口申报资料 H1' },
  cn_declaration: { en: 'China export declaration: data', zh: '出口货物报关单资料' },
  us_entry: { en: 'US entry summary: data', zh: '美国入境申报资料' },
  bill_of_exchange: { en: 'Bill of Exchange', zh: '汇票' },
  beneficiary_certificate: { en: 'Beneficiary’s Certificate', zh: '受益人证明' },
  // Parties
  seller: { en: 'Seller / exporter', zh: '卖方／出口商' },
  buyer: { en: 'Buyer / importer', zh: '买方／进口商' },
  consignee: { en: 'Consignee', zh: '收货人' },
  sameAsBuyer: { en: 'Same as buyer', zh: '同买方' },
  notify: { en: 'Notify party', zh: '通知方' },
  importerOfRecord: { en: 'Importer of record', zh: '登记进口商' },
  exporter: { en: 'Exporter', zh: '出口商' },
  importer: { en: 'Importer', zh: '进口商' },
  sender: { en: 'Sender', zh: '寄件人' },
  addressee: { en: 'Addressee', zh: '收件人' },
  domesticConsignor: { en: 'Domestic consignor', zh: '境内发货人' },
  overseasConsignee: { en: 'Overseas consignee', zh: '境外收货人' },
  producer: { en: 'Producing / selling unit', zh: '生产销售单位' },
  drawee: { en: 'Drawee', zh: '付款人' },
  payee: { en: 'Payee', zh: '收款人' },
  beneficiary: { en: 'Beneficiary', zh: '受益人' },
  // Head
  number: { en: 'No.', zh: '编号' },
  date: { en: 'Date', zh: '日期' },
  shipment: { en: 'Shipment', zh: '货运编号' },
  order: { en: 'Order', zh: '订单号' },
  contract: { en: 'Contract', zh: '合同号' },
  credit: { en: 'Credit No.', zh: '信用证号' },
  issuingBank: { en: 'Issuing bank', zh: '开证行' },
  creditDate: { en: 'Credit issued on', zh: '开证日期' },
  invoiceNo: { en: 'Invoice No.', zh: '发票号' },
  invoiceDate: { en: 'Invoice date', zh: '发票日期' },
  incoterm: { en: 'Incoterms 2020', zh: '贸易术语' },
  currency: { en: 'Currency', zh: '币种' },
  reason: { en: 'Reason for export', zh: '出口原因' },
  category: { en: 'Category of item', zh: '邮件种类' },
  ioss: { en: 'IOSS No.', zh: 'IOSS号' },
  transportMode: { en: 'Mode of transport', zh: '运输方式' },
  carrier: { en: 'Carrier', zh: '承运人' },
  conveyance: { en: 'Vessel / flight', zh: '运输工具及航次' },
  billNo: { en: 'B/L or AWB No.', zh: '提运单号' },
  trackingNo: { en: 'Tracking No.', zh: '运单号' },
  loading: { en: 'Place of loading', zh: '启运港' },
  discharge: { en: 'Place of discharge', zh: '指运港' },
  destination: { en: 'Destination', zh: '目的地' },
  exportDate: { en: 'Export date', zh: '出口日期' },
  originForm: { en: 'Form', zh: '证书格式' },
  validUntil: { en: 'Typically valid until', zh: '通常有效期至' },
  countries: { en: 'Country of origin', zh: '原产国' },
  marks: { en: 'Marks and numbers', zh: '唛头' },
  packageKinds: { en: 'Kind of packages', zh: '包装种类' },
  packages: { en: 'Packages', zh: '件数' },
  packagesCounted: { en: 'packages', zh: '件' },
  pieces: { en: 'Pieces', zh: '数量合计' },
  netKg: { en: 'Net kg', zh: '净重 kg' },
  grossKg: { en: 'Gross kg', zh: '毛重 kg' },
  cubicMetres: { en: 'Volume (m³)', zh: '体积 (m³)' },
  // Tables
  lineNo: { en: 'Line', zh: '项号' },
  description: { en: 'Description of goods', zh: '货物名称' },
  hs: { en: 'HS code', zh: '商品编号' },
  origin: { en: 'Origin', zh: '原产国' },
  quantity: { en: 'Quantity', zh: '数量' },
  unit: { en: 'Unit', zh: '单位' },
  unitPrice: { en: 'Unit price', zh: '单价' },
  amount: { en: 'Amount', zh: '金额' },
  value: { en: 'Value', zh: '价值' },
  package: { en: 'Package', zh: '箱号' },
  size: { en: 'Size (cm)', zh: '尺寸 (cm)' },
  criterion: { en: 'Criterion', zh: '原产地标准' },
  productIds: { en: 'Product identifiers', zh: '产品标识' },
  manufacturerId: { en: 'Manufacturer ID', zh: '制造商代码' },
  tradeCountry: { en: 'Trading country', zh: '贸易国（地区）' },
  arrivalCountry: { en: 'Country of arrival', zh: '运抵国（地区）' },
  sourcePlace: { en: 'Domestic source', zh: '境内货源地' },
  finalDestination: { en: 'Final destination', zh: '最终目的国' },
  // Totals and charges
  goods: { en: 'Goods', zh: '货款小计' },
  freight: { en: 'Freight', zh: '运费' },
  insurance: { en: 'Insurance', zh: '保险费' },
  other: { en: 'Other charges', zh: '杂费' },
  included: { en: 'included in the prices', zh: '已含于单价' },
  total: { en: 'Total', zh: '合计' },
  intrinsicValue: { en: 'Intrinsic value', zh: '内在价值' },
  transportAndInsurance: { en: 'Freight and insurance', zh: '运保费' },
  totalInvoiced: { en: 'Total invoiced', zh: '发票总额' },
  enteredValue: { en: 'Entered value', zh: '申报价值' },
  // Declarations
  additionalProcedures: { en: 'Additional procedures', zh: '附加程序代码' },
  previousDocument: { en: 'Previous document', zh: '前序单证' },
  mode: { en: 'Customs mode', zh: '监管方式' },
  exitCustoms: { en: 'Customs of exit', zh: '出境关别' },
  exitPort: { en: 'Port of exit', zh: '离境口岸' },
  exemptionNature: { en: 'Nature of levy', zh: '征免性质' },
  licence: { en: 'Licence No.', zh: '许可证号' },
  entryType: { en: 'Entry type', zh: '报关类型' },
  portOfEntry: { en: 'US port of entry', zh: '入境口岸' },
  certificate: { en: 'Certificate No.', zh: '证书号' },
  rate: { en: 'Exchange rate used', zh: '所用汇率' },
  goodsUnderCredit: { en: 'Goods as the credit describes them', zh: '信用证货物描述' },
  // Fixed texts
  notes: { en: 'Notes', zh: '备注' },
  signature: { en: 'Signature and stamp', zh: '签字盖章' },
  issuerSpace: { en: 'For the issuing body', zh: '签证机构' },
  postalOpening: { en: 'May be opened officially', zh: '可依法开拆查验' },
  postalCertify: {
    en: 'I certify that these particulars are correct and that this item holds no dangerous or prohibited article.',
    zh: '本人保证以上申报内容属实，且邮件内无危险品及禁寄物品。',
  },
  postalCertifyNamed: {
    en: 'I certify that these particulars are correct and that it holds no prohibited and no other dangerous article.',
    zh: '本人保证以上申报内容属实，邮件内无禁寄物品，且除上列者外无其他危险品。',
  },
  invoiceCertify: {
    en: 'We certify that this invoice is true and correct.',
    zh: '兹证明本发票内容真实无误。',
  },
  originCertify: {
    en: 'The undersigned declares that these details are correct and that the goods originate in the countries shown.',
    zh: '兹声明以上内容属实，货物原产于所列国家。',
  },
  certifies: { en: 'We hereby certify:', zh: '兹证明：' },
  tenor: { en: 'Tenor', zh: '期限' },
  place: { en: 'Place', zh: '出票地' },
  draftFirst: { en: 'First of exchange', zh: '第一联' },
  draftSecond: { en: 'Second of exchange', zh: '第二联' },
  // Reasons for export
  sale: { en: 'Sale of goods', zh: '货物销售' },
  gift: { en: 'Gift', zh: '礼品' },
  sample: { en: 'Commercial sample', zh: '商业样品' },
  documents: { en: 'Documents', zh: '文件' },
  return: { en: 'Returned goods', zh: '退回货物' },
  repair: { en: 'Repair', zh: '维修' },
  otherReason: { en: 'Other', zh: '其他' },
  // Modes of transport
  sea: { en: 'Sea', zh: '水路运输' },
  air: { en: 'Air', zh: '航空运输' },
  road: { en: 'Road', zh: '公路运输' },
  rail: { en: 'Rail', zh: '铁路运输' },
  post: { en: 'Post', zh: '邮件运输' },
  courier: { en: 'Courier', zh: '快递' },
  // Forms of the certificate of origin
  non_preferential: { en: 'Non-preferential', zh: '非优惠' },
  form_e: { en: 'Form E (ASEAN–China)', zh: '中国－东盟 Form E' },
  rcep: { en: 'RCEP', zh: 'RCEP' },
  gsp_form_a: { en: 'GSP Form A', zh: '普惠制 Form A' },
  fta_other: { en: 'Another agreement', zh: '其他协定' },
} as const satisfies Record<string, { en: string; zh: string }>;

export type LabelKey = keyof typeof LABELS;

export const PAPER_LANGUAGES = ['en', 'zh', 'both'] as const;
export type PaperLanguage = (typeof PAPER_LANGUAGES)[number];

/** The label: on one line for `en` and `zh`, on two for `both`, but only once if both languages use the same text. */
export const labelLines = (key: LabelKey, language: PaperLanguage): string[] => {
  const { en, zh } = LABELS[key];
  if (language === 'en') return [en];
  if (language === 'zh') return [zh];
  return [...new Set<string>([en, zh])];
};

export const label = (key: LabelKey, language: PaperLanguage): string => labelLines(key, language).join(' ');

/** “Page 2 of 5” in each requested language. */
export const pageOf = (page: number, pages: number, language: PaperLanguage): string =>
  [
    ...(language === 'zh' ? [] : [`Page ${page} of ${pages}`]),
    ...(language === 'en' ? [] : [`第 ${page} 页，共 ${pages} 页`]),
  ].join('  ');
