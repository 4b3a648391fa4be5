const UUID_BYTES = 16;

type Uuid = ReturnType<Crypto['randomUUID']>;

/**
 * Fills in what browsers give to https and to pages of their own machine alone: the console is read from other
 * devices too.
 */
export function fillInForPlainHttp(): void {
  if (window.isSecureContext) return;
  crypto.randomUUID = newUuid;
  Object.defineProperty(navigator, 'clipboard', { value: { writeText: copyText } });
}

function newUuid(): Uuid {
  const bytes = [...crypto.getRandomValues(new Uint8Array(UUID_BYTES))];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5') as Uuid;
}

/** Copies by a selection, which every page may. */
async function copyText(text: string): Promise<void> {
  const field = document.createElement('textarea');
  field.value = text;
  field.setAttribute('readonly', '');
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  if (!isCopied) throw new Error('not copied');
}
