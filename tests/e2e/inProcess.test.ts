import { cloudPayRefundScenarios } from './cloudPayRefundScenarios.ts';
import { openInProcess } from './inProcess.ts';
import { linkMoves } from './linkMoves.ts';
import { refundScenarios } from './refundScenarios.ts';
import { scenarios } from './scenarios.ts';
import { uncertainAnswers } from './uncertainAnswers.ts';

scenarios('a payment inside one process, public-key mode', () => openInProcess('publicKey'));
scenarios('a payment inside one process, certificate mode', () => openInProcess('certificate'));
scenarios('a payment inside one process, cloud pay', () => openInProcess('cloudPay'), {
  link: 'cloudPay',
});
scenarios('a payment inside one process, under a provider', () => openInProcess('provider'));

cloudPayRefundScenarios('refunds on cloud pay, inside one process', () =>
  openInProcess('cloudPay'),
);
refundScenarios('refunds inside one process', () => openInProcess('publicKey'));
refundScenarios('refunds inside one process, certificate mode', () => openInProcess('certificate'));

linkMoves('from the direct link to cloud pay, inside one process', () => openInProcess());
linkMoves('from a provider to cloud pay, inside one process', () => openInProcess('provider'));
linkMoves('from cloud pay to the direct link, inside one process', () => openInProcess('cloudPay'));
refundScenarios('refunds inside one process, under a provider', () => openInProcess('provider'));

uncertainAnswers('uncertain answers, inside one process', () => openInProcess('publicKey'));
uncertainAnswers('uncertain answers of cloud pay, inside one process', () =>
  openInProcess('cloudPay'),
);
