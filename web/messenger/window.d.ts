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
}

/** The doors of the form, and who is told what happens to it. */
interface LobbyForm {
  open?(): void;
  close?(): void;
  onShow?: unknown;
  onHide?: unknown;
  onUserEmailSupplied?: unknown;
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
