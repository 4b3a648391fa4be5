import { testAgreement } from './agreement.ts';

// A campaign of its own: npm run histories (HISTORY_RUNS=6000).
testAgreement(Number(process.env.HISTORY_RUNS ?? 60));
