// What the page has for the script, and the script for the page.

/** The first line of the script, as the server writes it. */
interface LobbyConfig {
  app: string;
  api: string;
  cookies?: 'ask' | 'never';
  dnt?: 'minimal' | 'drop';
  gpc?: 'minimal' | 'drop';
  secrets?: string[];
  form?: LobbyForm;
  thread?: LobbyThread;
}

/** The doors of the form, and who is told what happens to it. */
interface LobbyForm {
  open?(): void;
  close?(): void;
  onShow?: unknown;
  onHide?: unknown;
  onUserEmailSupplied?: unknown;
}

/** The doors of the conversations, and what they need of the script. */
interface LobbyThread extends LobbyForm {
  open?(verb?: string, text?: unknown): void;
  close?(isOver?: boolean): void;
  renew?(): void;
  /** The address of the server. */
  api: string;
  /** How it was asked to open while it was loaded. */
  call?: [string?, unknown?];
  ask(path: string, fields?: object, stop?: AbortController): Promise<Response>;
  unread(count: number): void;
  uuid(): string;
}

interface Window {
  __lobby: LobbyConfig;
  intercomSettings?: any;
  Intercom: any;
}

interface Navigator {
  globalPrivacyControl?: boolean;
}

interface Document {
  prerendering?: boolean;
}
