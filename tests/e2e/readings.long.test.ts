import { cloudPayRefundScenarios } from './cloudPayRefundScenarios.ts';
import { openInProcess } from './inProcess.ts';
import { linkMoves } from './linkMoves.ts';
import { readings } from './readings.ts';
import { refundScenarios } from './refundScenarios.ts';
import { scenarios } from './scenarios.ts';
import { uncertainAnswers } from './uncertainAnswers.ts';

for (const [reading, switches] of readings.cloudPay) {
  const open = () => openInProcess('cloudPay', switches);
  scenarios(`a payment, cloud pay; ${reading}`, open, { link: 'cloudPay' });
  cloudPayRefundScenarios(`refunds on cloud pay; ${reading}`, open);
  uncertainAnswers(`uncertain answers of cloud pay; ${reading}`, open);
  linkMoves(`from cloud pay to the direct link; ${reading}`, open);
}

for (const [reading, switches] of readings.apiV3) {
  const open = () => openInProcess('publicKey', switches);
  scenarios(`a payment; ${reading}`, open);
  refundScenarios(`refunds; ${reading}`, open);
  uncertainAnswers(`uncertain answers; ${reading}`, open);
  linkMoves(`from the direct link to cloud pay; ${reading}`, open);
}
