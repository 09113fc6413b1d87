import { decideApproval } from './approval/decide.ts';
import { acceptCredit } from './case/accept-credit.ts';
import { claimRefund } from './case/claim-refund.ts';
import { findHeldWork } from './case/find-held.ts';
import { giveFacts } from './case/give-facts.ts';
import { moveCase } from './case/move.ts';
import { openCase } from './case/open.ts';
import { openPaper } from './case/open-paper.ts';
import { overrideReason } from './case/override.ts';
import { remindCases } from './case/remind.ts';
import { screenCase } from './case/screen.ts';
import { caseContext, caseStatus, caseStatuses, getCase, today } from './case/status.ts';
import { bookCharges } from './charge/book.ts';
import { changeSettings } from './connection/change-settings.ts';
import { checkConnection } from './connection/check.ts';
import { connect } from './connection/connect.ts';
import { enterCredentials } from './connection/enter-credentials.ts';
import { findWaiting } from './connection/find-waiting.ts';
import { goLive } from './connection/go-live.ts';
import { needAttention } from './connection/need-attention.ts';
import { pauseConnection } from './connection/pause.ts';
import { readBalance } from './connection/read-balance.ts';
import { readLocations } from './connection/read-locations.ts';
import { registerWebhooks } from './connection/register-webhooks.ts';
import { removeConnection } from './connection/remove.ts';
import { renameConnection } from './connection/rename.ts';
import { resumeConnection } from './connection/resume.ts';
import { setOrderRules } from './connection/set-order-rules.ts';
import { syncConnection } from './connection/sync.ts';
import { healDues } from './due/heal.ts';
import { keepDues } from './due/keep.ts';
import { runDues } from './due/run.ts';
import { fileEvents } from './event/file.ts';
import { verifyEvents } from './event/verify.ts';
import { countExceptions } from './exception/count.ts';
import { giveUp } from './exception/give-up.ts';
import { clearException, openException } from './exception/open.ts';
import { resolveException } from './exception/resolve.ts';
import { retryCause, retryException } from './exception/retry.ts';
import { retryUnread } from './exception/retry-unread.ts';
import { lookAgainAtDone, stepDone } from './exception/step-done.ts';
import { countUnreadable } from './exception/unreadable.ts';
import { getConnection } from './get.ts';
import { keepDeliveries } from './inbox/keep-deliveries.ts';
import { readDelivery } from './inbox/read-delivery.ts';
import { issueKey } from './key/issue.ts';
import { revokeKey } from './key/revoke.ts';
import { acceptLeg } from './leg/accept.ts';
import { advanceLeg } from './leg/advance.ts';
import { answerCancel, cancelLeg, requestLegCancel } from './leg/cancel.ts';
import { findStartable } from './leg/find-startable.ts';
import { payLeg, requestLegPay, sayPaid } from './leg/pay.ts';
import { pollLeg } from './leg/poll.ts';
import { probeLeg } from './leg/probe.ts';
import { receiveGoods } from './leg/receive.ts';
import { retryLeg } from './leg/retry.ts';
import { shipLeg } from './leg/ship.ts';
import { submitLeg } from './leg/submit.ts';
import { mapListing } from './listing/map.ts';
import { pullListings } from './listing/pull.ts';
import { findWrongLocations } from './location/find-wrong.ts';
import { setLocation } from './location/set.ts';
import { putOffers } from './offer/put.ts';
import { cancelOrder, previewCancel } from './order/cancel.ts';
import { changeAddress, previewAddress } from './order/change-address.ts';
import { findUnmapped } from './order/find-unmapped.ts';
import { holdOrder, releaseOrder } from './order/hold.ts';
import { ingestOrder } from './order/ingest.ts';
import { progressOrder } from './order/progress.ts';
import { pullOrders } from './order/pull.ts';
import { recheckOrders } from './order/recheck.ts';
import { reconcileOrder } from './order/reconcile.ts';
import { previewReplay, replayOrder } from './order/replay.ts';
import { previewReplan, requestReplan } from './order/request-replan.ts';
import { routeOrder } from './order/route.ts';
import { markStorefrontTold, tellCancelled } from './order/tell-cancelled.ts';
import { eraseCustomer, previewErasure, requestErasure, runErasure } from './person/erase.ts';
import type { Ports } from './ports.ts';
import { convertMoney } from './rate/convert.ts';
import { fetchRates } from './rate/fetch.ts';
import { findRate, publishedCurrencies } from './rate/find.ts';
import { importRates } from './rate/import.ts';
import { listRates } from './rate/list.ts';
import { currencyNotices, rateNotices, workspaceCurrencyNotices } from './rate/notices.ts';
import { putRate } from './rate/put.ts';
import { waitingForRates } from './rate/waiting.ts';
import { quietWorkspaces } from './restore/quiet.ts';
import { reconcileRestore } from './restore/reconcile.ts';
import { resumeRestore } from './restore/resume.ts';
import { restoreStatus } from './restore/status.ts';
import { runRetention } from './retention/run.ts';
import { applyReturn } from './return/apply.ts';
import { payReturn, retryReturn } from './return/pay.ts';
import { requestReturn } from './return/request.ts';
import { confirmShipment } from './shipment/confirm.ts';
import { countPackage } from './shipment/count.ts';
import { followShipment, settleParcel } from './shipment/follow.ts';
import { labelShipment } from './shipment/label.ts';
import { requestVoid, settleLabel, voidShipment } from './shipment/void.ts';
import { waitingPackages } from './shipment/waiting.ts';
import { applyStock } from './stock/apply.ts';
import { countByHand } from './stock/count-by-hand.ts';
import { markListings } from './stock/mark-listings.ts';
import { proveShelves } from './stock/prove.ts';
import { publishStock } from './stock/publish.ts';
import { pullSupply } from './stock/pull-supply.ts';
import { refillShelves } from './stock/refill.ts';
import { activateList } from './trade-list/activate.ts';
import { draftList } from './trade-list/draft.ts';
import { tradeReference } from './trade-list/lists.ts';
import { putPart } from './trade-list/put-part.ts';
import { confirmVariants } from './variant/confirm.ts';
import { afterVariants, putVariant } from './variant/put.ts';
import { changeTerms } from './workspace/change-terms.ts';
import { eachWorkspace } from './workspace/each.ts';

/** Every use case, one file each. What is not here is not a door of the application. */
const USE_CASES = {
  acceptCredit,
  acceptLeg,
  activateList,
  advanceLeg,
  afterVariants,
  answerCancel,
  applyReturn,
  applyStock,
  bookCharges,
  cancelLeg,
  cancelOrder,
  caseContext,
  caseStatus,
  caseStatuses,
  changeAddress,
  changeSettings,
  changeTerms,
  checkConnection,
  claimRefund,
  clearException,
  confirmShipment,
  confirmVariants,
  connect,
  convertMoney,
  countByHand,
  countExceptions,
  countPackage,
  countUnreadable,
  currencyNotices,
  decideApproval,
  draftList,
  eachWorkspace,
  enterCredentials,
  eraseCustomer,
  fetchRates,
  fileEvents,
  findHeldWork,
  findRate,
  findStartable,
  findUnmapped,
  findWaiting,
  findWrongLocations,
  getCase,
  getConnection,
  giveFacts,
  giveUp,
  goLive,
  healDues,
  holdOrder,
  importRates,
  ingestOrder,
  issueKey,
  keepDeliveries,
  keepDues,
  labelShipment,
  listRates,
  mapListing,
  markListings,
  markStorefrontTold,
  moveCase,
  needAttention,
  openCase,
  openException,
  openPaper,
  overrideReason,
  pauseConnection,
  payLeg,
  payReturn,
  pollLeg,
  previewAddress,
  previewCancel,
  previewErasure,
  previewReplan,
  previewReplay,
  probeLeg,
  progressOrder,
  proveShelves,
  publishStock,
  publishedCurrencies,
  pullListings,
  pullOrders,
  pullSupply,
  putOffers,
  putPart,
  putRate,
  putVariant,
  quietWorkspaces,
  rateNotices,
  readBalance,
  readDelivery,
  readLocations,
  receiveGoods,
  recheckOrders,
  reconcileOrder,
  reconcileRestore,
  refillShelves,
  registerWebhooks,
  releaseOrder,
  remindCases,
  removeConnection,
  renameConnection,
  replayOrder,
  requestErasure,
  requestLegCancel,
  requestLegPay,
  requestReplan,
  requestReturn,
  requestVoid,
  followShipment,
  settleLabel,
  settleParcel,
  resolveException,
  restoreStatus,
  resumeConnection,
  resumeRestore,
  retryCause,
  retryException,
  retryLeg,
  retryReturn,
  retryUnread,
  revokeKey,
  routeOrder,
  runDues,
  runErasure,
  runRetention,
  sayPaid,
  screenCase,
  setLocation,
  setOrderRules,
  shipLeg,
  stepDone,
  lookAgainAtDone,
  submitLeg,
  syncConnection,
  tellCancelled,
  today,
  tradeReference,
  verifyEvents,
  voidShipment,
  waitingForRates,
  waitingPackages,
  workspaceCurrencyNotices,
};

type UseCases = Record<string, (ports: Ports, ...given: never[]) => unknown>;
type Bound<U extends UseCases> = {
  readonly [N in keyof U]: U[N] extends (ports: Ports, ...given: infer Given) => infer Result
    ? (...given: Given) => Result
    : never;
};

/** Each use case with its ports given once. */
const bindAll = <U extends UseCases>(ports: Ports, useCases: U): Bound<U> =>
  Object.fromEntries(
    Object.entries(useCases).map(([name, useCase]) => [name, (...given: never[]) => useCase(ports, ...given)]),
  ) as Bound<U>;

/** The application: the only way from HTTP, jobs, CLI and console to a use case. */
export const makeApp = (ports: Ports) => ({
  ports,
  ...bindAll(ports, USE_CASES),
});
export type App = ReturnType<typeof makeApp>;

export type { CaseStatus } from './case/status.ts';
export type { Start } from './exception/retry.ts';
export { NOTHING_UNREADABLE, type Unreadable } from './exception/unreadable.ts';
export type { PersonRef } from './person/erase.ts';
