import { isFailure } from '#domain/failure.ts';

/** The code of the Failure that `act` throws; otherwise describes what happened instead. */
export const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return isFailure(error) ? error.code : String(error);
  }
  return 'nothing thrown';
};
