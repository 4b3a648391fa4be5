import { inOneLanguage } from '../../../client/oneLanguage.ts';
import { useText } from '../../../text/dictionary.ts';
import { yuan } from '../../../text/forms.ts';
import type { Quote } from './quotes.ts';

/** The price of one piece: as it is quoted, that it is being asked for, or the merchant's refusal in its own words. */
export function Price({ quote, fee }: { quote: Quote | undefined; fee: number | undefined }) {
  const { phone, language } = useText();
  if (fee !== undefined) return <span className="goods-price figures">{yuan(fee)}</span>;
  if (quote?.kind !== 'refused') {
    return (
      <span className="goods-price faint" role="status">
        <span className="spinner" aria-hidden="true" /> {phone.quoting}
      </span>
    );
  }
  const { code, message, quoteCode, quoteMsg, reason } = quote;
  return (
    <span className="goods-refused">
      <code>{quoteCode ?? code}</code> {quoteMsg ?? inOneLanguage(message, language)}
      {reason !== undefined && <small> {reason}</small>}
    </span>
  );
}
