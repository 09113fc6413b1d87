import { z } from 'zod';
import { Failure } from '../../../src/domain/failure.ts';
import { moneyText } from '../../../src/trade/decimal.ts';
import { readIncoterm } from '../../../src/trade/incoterms/incoterm-choice.ts';
import { incotermRule } from '../../../src/trade/incoterms/incoterms-2020.ts';
import { pricesFromFob, refundBase } from '../../../src/trade/incoterms/price-conversion.ts';
import { plainDate } from '../../../src/trade/plain-date.ts';
import type { Answer } from './vector.ts';

type Input = Record<string, unknown>;

const TODAY = plainDate('2026-11-24');
const ASKED = { on: TODAY, today: TODAY };

const Figure = z.union([z.string(), z.number().transform(String)]);

const read = <S extends z.ZodType>(schema: S, input: Input): z.output<S> => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? 'input';
  throw new Failure('invalid', `${field}: is missing or not a figure`, { safe: { field, reason: 'is not a figure' } });
};

const duties = (input: Input) => {
  const { value: rule } = incotermRule(readIncoterm(input['rule'], 'rule'), ASKED);
  return {
    sellerExportClearance: rule.exportClearance === 'seller',
    sellerMainFreight: rule.mainCarriage === 'seller',
    sellerMustInsure: rule.insurance !== null,
    sellerDestinationDelivery: rule.deliveryAtDestination,
    sellerImportDutyVat: rule.importClearance === 'seller',
  };
};

const Quotation = z.looseObject({ fob: Figure, freight: Figure, premiumRate: Figure, markup: Figure.optional() });

const fobToCif = (input: Input) => {
  const { fob, freight, premiumRate, markup } = read(Quotation, input);
  const prices = pricesFromFob({ fob, freight, premiumRate, markup, currency: 'USD' }, ASKED);
  const text = (key: 'cif' | 'premium' | 'insured') => moneyText(prices[key], 'USD');
  return { cif: text('cif'), premium: text('premium'), insured: text('insured') };
};

const Refund = z.looseObject({ cifUSD: Figure, freight: Figure, insurance: Figure, fx: Figure });

const cifToFob = (input: Input) => {
  const { cifUSD, freight, insurance, fx } = read(Refund, input);
  const base = refundBase({ cif: cifUSD, freight, insurance, currency: 'USD', fxCny: fx });
  return { fobUSD: moneyText(base.fob, 'USD'), fobCNY: moneyText(base.fobCny, 'CNY') };
};

/** Answers a question about the rules and their prices, recognised by its keys. */
export const answer: Answer = (_id, input) => {
  if (input['fob'] !== undefined) return fobToCif(input);
  if (input['cifUSD'] !== undefined) return cifToFob(input);
  return duties(input);
};
