import { testAgreement } from './agreement.ts';

// More of them: histories.long.test.ts (npm run test:all), and npm run histories.
testAgreement(60);
