import type { RuleTable } from '../rule.ts';
import { auGst, auLowValue, auSupplierThreshold } from './rules-au.ts';
import { brIcms, brMember, brOutside } from './rules-br.ts';
import { caCommercialGst, caConsumerTax, caCourierFromCusma, caRemission, caSalesTax } from './rules-ca.ts';
import { chDeemedSupplier, chIndustrialDuty, chNotLevied, chRounding, chVat } from './rules-ch.ts';
import {
  euGift,
  euHandlingFee,
  euIossVatBase,
  euLowValueDuty,
  euLowValueLimit,
  euNationalFees,
  euProductIdentifiers,
  euVat,
} from './rules-eu.ts';
import { gbDutyWaiver, gbGift, gbLowValue, gbVat } from './rules-gb.ts';
import {
  jpConsumptionTax,
  jpExemption,
  jpNotExempt,
  jpPersonalImport,
  jpSimplifiedLimit,
  jpTaxParts,
  jpTruncation,
} from './rules-jp.ts';
import { mxGlobalRate, mxTreatyCountries, mxTreatyRate, mxUsmca } from './rules-mx.ts';
import { noVat, noVoecExcluded, noVoecLimit } from './rules-no.ts';
import { nzEntryFees, nzGst, nzLowValue, nzLowValueLevy } from './rules-nz.ts';
import {
  usDeMinimis,
  usGift,
  usHmf,
  usIeepa,
  usInformalLimit,
  usInformalMpf,
  usMpf,
  usPostalSpecific,
  usSection122,
} from './rules-us.ts';
import { fobBasisCountries } from './valuation-basis.ts';

/** Every table that the landed cost reads, for reviews and for the tests of their dates. */
export const DUTY_RULES: readonly RuleTable<unknown>[] = [
  euLowValueDuty,
  euLowValueLimit,
  euGift,
  euIossVatBase,
  euHandlingFee,
  euProductIdentifiers,
  ...euNationalFees.values(),
  ...euVat.values(),
  gbLowValue,
  gbGift,
  gbDutyWaiver,
  gbVat,
  usDeMinimis,
  usGift,
  usSection122,
  usIeepa,
  usPostalSpecific,
  usMpf,
  usInformalLimit,
  usInformalMpf,
  usHmf,
  caCourierFromCusma,
  caRemission,
  caSalesTax,
  caCommercialGst,
  ...caConsumerTax.values(),
  auLowValue,
  auGst,
  auSupplierThreshold,

  nzLowValue,
  nzLowValueLevy,
  nzGst,
  nzEntryFees,
  chIndustrialDuty,
  chVat,
  chNotLevied,
  chRounding,
  chDeemedSupplier,

  noVoecLimit,
  noVoecExcluded,
  noVat,
  jpExemption,
  jpNotExempt,
  jpPersonalImport,
  jpSimplifiedLimit,
  jpTruncation,
  jpConsumptionTax,
  jpTaxParts,
  brMember,
  brOutside,
  brIcms,
  mxGlobalRate,
  mxUsmca,
  mxTreatyCountries,
  mxTreatyRate,
  fobBasisCountries,
];
