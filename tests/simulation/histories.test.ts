import { testAgreement } from './agreement.ts';

// The first of those that histories.long.test.ts plays with the same seed; campaigns: npm run histories.
testAgreement(20);
