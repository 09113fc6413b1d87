import { describeLaws } from './describe-laws.ts';
import { LAWS } from './index.ts';

describeLaws(LAWS.filter(({ needs }) => needs === 'nothing'));
