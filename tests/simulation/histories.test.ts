import { agreement } from './agreement.ts';

// More of them: histories.long.test.ts (npm run test:all), and npm run histories.
agreement(60);
