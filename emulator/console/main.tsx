/** The console: a person's view of the local cloud, over the control API alone. */
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/house.css';
import './style/notices.css';
import './style/layers.css';
import './style/phone.css';
import './style/device.css';
import './style/sheet.css';
import './style/orders.css';
import './style/order.css';
import './style/acts.css';
import './style/fields.css';
import './style/signature.css';
import './style/api.css';
import './style/time.css';
import './style/timeline/page.css';
import './style/timeline/waterfall.css';
import './style/timeline/event.css';
import './style/functions.css';
import './style/faults.css';
import './style/worlds.css';
import './style/scenarios.css';
import { createRoot } from 'react-dom/client';
import { fillInForPlainHttp } from './client/plainHttp.ts';
import { refreshWithStream } from './client/resource.ts';
import { followStream } from './client/stream.ts';
import { House } from './house/House.tsx';

fillInForPlainHttp();
const root = document.getElementById('root');
if (root) {
  followStream(root.dataset.stream ?? '');
  refreshWithStream();
  createRoot(root).render(<House />);
}
