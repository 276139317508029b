package config

import (
	"fmt"
	"strconv"
	"strings"

	"lobby/internal/spelling"
)

// option is one row of the table from which everything else follows.
type option struct {
	flag      string
	env       string
	initial   string // the default as an operator would write it; empty for none
	otherwise string // what the reference says in place of an empty default
	// sized is the default of an option that follows from the size of the machine; nil for others.
	sized   func(machine) string
	meaning string
	store   bool // belongs to Store
	alone   bool // a switch: the flag needs no value
	secret  bool // the value may hold one
	read    func(c *Config, text string) error
}

var table = []option{
	{
		flag: "listen", env: "LOBBY_LISTEN", initial: "127.0.0.1:8080",
		meaning: "host and port to serve on, or unix:PATH for a socket file; port 0 picks a free one",
		read:    func(c *Config, text string) error { return listenAddress(&c.Listen, text) },
	},
	{
		flag: "admin-listen", env: "LOBBY_ADMIN_LISTEN", otherwise: "(with the rest)",
		meaning: "host and port, or unix:PATH, for /metrics, /livez and /readyz, which are then nowhere else",
		read:    func(c *Config, text string) error { return listenAddress(&c.AdminListen, text) },
	},
	{
		flag: "socket-mode", env: "LOBBY_SOCKET_MODE", initial: "0660",
		meaning: "mode of a socket file: whoever may write to it is believed like a trusted proxy",
		read:    func(c *Config, text string) error { return fileMode(&c.SocketMode, text) },
	},
	{
		flag: "tls-cert", env: "LOBBY_TLS_CERT", otherwise: "–",
		meaning: "PEM file of a certificate and its chain, to serve HTTPS and HTTP/2; a new one in its place is noticed",
		read:    func(c *Config, text string) error { c.TLSCert = text; return nil },
	},
	{
		flag: "tls-key", env: "LOBBY_TLS_KEY", otherwise: "–",
		meaning: "PEM file of its key",
		read:    func(c *Config, text string) error { c.TLSKey = text; return nil },
	},
	{
		flag: "acme-domain", env: "LOBBY_ACME_DOMAIN", otherwise: "–",
		meaning: "names, as lobby.example.com,people.example.com, for which certificates are fetched by ACME; needs port 443",
		read:    func(c *Config, text string) error { return domains(&c.ACMEDomains, text) },
	},
	{
		flag: "acme-email", env: "LOBBY_ACME_EMAIL", otherwise: "–",
		meaning: "address that the certificate authority may write to",
		read:    func(c *Config, text string) error { c.ACMEEmail = text; return nil },
	},
	{
		flag: "acme-folder", env: "LOBBY_ACME_FOLDER", otherwise: "(acme in the folder of data)",
		meaning: "where certificates are kept; servers that share a name share the folder",
		read:    func(c *Config, text string) error { c.ACMEFolder = text; return nil },
	},
	{
		flag: "acme-directory", env: "LOBBY_ACME_DIRECTORY", otherwise: "(Let's Encrypt)",
		meaning: "address of the certificate authority, whose terms are accepted by naming a domain",
		read:    func(c *Config, text string) error { return acmeDirectory(&c.ACMEDirectory, text) },
	},
	{
		flag: "data", env: "LOBBY_DATA", initial: "./lobby-data", store: true,
		meaning: "folder of the embedded database",
		read:    func(c *Config, text string) error { c.Data = text; return nil },
	},
	{
		flag: "database", env: "LOBBY_DATABASE", otherwise: "–", store: true, secret: true,
		meaning: "postgres://… address, instead of the embedded database",
		read:    func(c *Config, text string) error { return databaseURL(&c.Database, text) },
	},
	{
		flag: "no-backup", env: "LOBBY_NO_BACKUP", initial: "off", store: true, alone: true,
		meaning: "migrate the embedded database without a copy of it beside",
		read:    func(c *Config, text string) error { return onOff(&c.NoBackup, text) },
	},
	{
		flag: "ephemeral", env: "LOBBY_EPHEMERAL", initial: "off", alone: true,
		meaning: "keep everything in memory, nothing on disk",
		read:    func(c *Config, text string) error { return onOff(&c.Ephemeral, text) },
	},
	{
		flag: "public-url", env: "LOBBY_PUBLIC_URL", otherwise: "(from the request)",
		meaning: "address of this server in absolute links and in the script, maybe with a path that the proxy takes away",
		read:    func(c *Config, text string) error { return publicURL(&c.PublicURL, text) },
	},
	{
		flag: "app-id", env: "LOBBY_APP_ID", otherwise: "(generated)",
		meaning: "app id that the first start gives the first workspace",
		read:    func(c *Config, text string) error { return appID(&c.AppID, text) },
	},
	{
		flag: "access-token", env: "LOBBY_ACCESS_TOKEN", otherwise: "(generated)", secret: true,
		meaning: "access token that the first start gives the first workspace",
		read:    func(c *Config, text string) error { return accessToken(&c.AccessToken, text) },
	},
	{
		flag: "rate-limit", env: "LOBBY_RATE_LIMIT", initial: "10000",
		meaning: "API calls a minute and token, counted in ten-second windows; 0 is no limit, for pages neither",
		read:    func(c *Config, text string) error { return count(&c.RateLimit, text) },
	},
	{
		flag: "pages", env: "LOBBY_PAGES", initial: "on",
		meaning: "on or off: the pages at /pages/, in which the owner's team sees who is there",
		read:    func(c *Config, text string) error { return onOff(&c.Pages, text) },
	},
	{
		flag: "geoip", env: "LOBBY_GEOIP", otherwise: "–",
		meaning: ".mmdb file that says where addresses are; a new one in its place is noticed",
		read:    func(c *Config, text string) error { c.GeoIP = text; return nil },
	},
	{
		flag: "trusted-proxies", env: "LOBBY_TRUSTED_PROXIES", otherwise: "–",
		meaning: "networks of proxies that may say for whom and where they ask, as 10.0.0.0/8,::1",
		read:    func(c *Config, text string) error { return networks(&c.TrustedProxies, text) },
	},
	{
		flag: "allow-private-webhooks", env: "LOBBY_ALLOW_PRIVATE_WEBHOOKS", initial: "off", alone: true,
		meaning: "let webhooks go to private addresses, and over plain HTTP",
		read:    func(c *Config, text string) error { return onOff(&c.AllowPrivateWebhooks, text) },
	},
	{
		flag: "test", env: "LOBBY_TEST", initial: "off", alone: true,
		meaning: "be a stand-in for tests: nothing on disk unless --data is given, no rate limit unless given, private webhooks, and /lobby/v1/test",
		read:    func(c *Config, text string) error { return onOff(&c.Test, text) },
	},
	{
		flag: "test-anywhere", env: "LOBBY_TEST_ANYWHERE", initial: "off", alone: true,
		meaning: "let --test listen beyond this machine, as in a container",
		read:    func(c *Config, text string) error { return onOff(&c.TestAnywhere, text) },
	},
	{
		flag: "strict", env: "LOBBY_STRICT", initial: "off", alone: true,
		meaning: "with --test, refuse members and parameters that an operation does not know",
		read:    func(c *Config, text string) error { return onOff(&c.Strict, text) },
	},
	{
		flag: "seed", env: "LOBBY_SEED", otherwise: "–",
		meaning: "with --test, file in the form of lobby export that a start adds and a reset goes back to",
		read:    func(c *Config, text string) error { c.Seed = text; return nil },
	},
	{
		flag: "seed-ids", env: "LOBBY_SEED_IDS", otherwise: "(random)",
		meaning: "with --test, number from which all ids and secrets follow",
		read:    func(c *Config, text string) error { return seedNumber(&c.SeedIDs, text) },
	},
	{
		flag: "ready-file", env: "LOBBY_READY_FILE", otherwise: "–",
		meaning: "file that is written when the server serves: its URL, app id and, on the first start, token, as lines NAME=value",
		read:    func(c *Config, text string) error { c.ReadyFile = text; return nil },
	},
	{
		flag: "port-file", env: "LOBBY_PORT_FILE", otherwise: "–",
		meaning: "file to which the port is written when the server serves",
		read:    func(c *Config, text string) error { c.PortFile = text; return nil },
	},
	{
		flag: "smtp", env: "LOBBY_SMTP", otherwise: "(emails are stored, not sent)", secret: true,
		meaning: "smtps://USER:PASSWORD@HOST:465 or smtp://…:587 (STARTTLS) of the server that sends emails; ?tls=off for one on this machine",
		read:    func(c *Config, text string) error { return smtpURL(&c.SMTP, text) },
	},
	{
		flag: "smtp-from", env: "LOBBY_SMTP_FROM", otherwise: "–",
		meaning: "address that sends emails, for all workspaces; --smtp needs it, and --public-url for the links",
		read:    func(c *Config, text string) error { return mailAddress(&c.SMTPFrom, text) },
	},
	{
		flag: "log-format", env: "LOBBY_LOG_FORMAT", initial: "text",
		meaning: "text or json",
		read:    func(c *Config, text string) error { return logFormat(&c.LogFormat, text) },
	},
	{
		flag: "log-level", env: "LOBBY_LOG_LEVEL", initial: "info",
		meaning: "debug, info, warn or error",
		read:    func(c *Config, text string) error { return logLevel(&c.LogLevel, text) },
	},
	{
		flag: "max-body", env: "LOBBY_MAX_BODY", initial: "1MiB",
		meaning: "longest request body",
		read:    func(c *Config, text string) error { return size(&c.MaxBody, text, 64<<10, 1<<30) },
	},
	{
		flag: "max-page-requests", env: "LOBBY_MAX_PAGE_REQUESTS", otherwise: "(2 per processor, at least 4)",
		sized:   func(m machine) string { return strconv.Itoa(m.pageRequests()) },
		meaning: "requests of pages worked on at once, so that the API keeps room; some more may wait",
		read:    func(c *Config, text string) error { return amount(&c.MaxPageRequests, text, 1, 10_000) },
	},
	{
		flag: "max-connections", env: "LOBBY_MAX_CONNECTIONS", otherwise: "(by the open files, at most 16384)",
		sized:   func(m machine) string { return strconv.Itoa(m.connections()) },
		meaning: "connections at once; beyond them those that wait for a request are closed, the oldest first",
		read:    func(c *Config, text string) error { return amount(&c.MaxConnections, text, 16, 1_000_000) },
	},
	{
		flag: "max-address-connections", env: "LOBBY_MAX_ADDRESS_CONNECTIONS", otherwise: "(by the open files, at most 256)",
		sized:   func(m machine) string { return strconv.Itoa(m.addressConnections()) },
		meaning: "the same for each network address, but for trusted proxies",
		read:    func(c *Config, text string) error { return amount(&c.MaxAddressConnections, text, 1, 1_000_000) },
	},
	{
		flag: "header-timeout", env: "LOBBY_HEADER_TIMEOUT", initial: "10s",
		meaning: "time in which a client must have sent the header of its request",
		read:    func(c *Config, text string) error { return timeout(&c.HeaderTimeout, text) },
	},
	{
		flag: "read-timeout", env: "LOBBY_READ_TIMEOUT", initial: "30s",
		meaning: "time in which a client must have sent its request",
		read:    func(c *Config, text string) error { return timeout(&c.ReadTimeout, text) },
	},
	{
		flag: "write-timeout", env: "LOBBY_WRITE_TIMEOUT", initial: "60s",
		meaning: "time in which a request must be answered and the answer taken",
		read:    func(c *Config, text string) error { return timeout(&c.WriteTimeout, text) },
	},
	{
		flag: "idle-timeout", env: "LOBBY_IDLE_TIMEOUT", initial: "120s",
		meaning: "time after which an unused connection is closed; longer than the proxy's",
		read:    func(c *Config, text string) error { return timeout(&c.IdleTimeout, text) },
	},
	{
		flag: "drain-timeout", env: "LOBBY_DRAIN_TIMEOUT", initial: "10s",
		meaning: "time that requests have to end when the server stops; shorter than the supervisor's",
		read:    func(c *Config, text string) error { return timeout(&c.DrainTimeout, text) },
	},
	{
		flag: "drain-delay", env: "LOBBY_DRAIN_DELAY", initial: "100ms",
		meaning: "time between /readyz turning 503 and the port closing at a stop; longer than a balancer takes to look",
		read:    func(c *Config, text string) error { return delay(&c.DrainDelay, text) },
	},
	{
		flag: "sqlite-readers", env: "LOBBY_SQLITE_READERS", otherwise: "(1 per processor, at least 2)",
		sized:   func(m machine) string { return strconv.Itoa(m.readers()) },
		meaning: "reads of the embedded database that run at once",
		read:    func(c *Config, text string) error { return amount(&c.SQLiteReaders, text, 1, 1000) },
	},
	{
		flag: "sqlite-cache", env: "LOBBY_SQLITE_CACHE", otherwise: "(by the memory, at most 32MiB)",
		sized:   func(m machine) string { return strconv.FormatInt(m.pageCache(), 10) },
		meaning: "memory for pages of each connection to the embedded database: one a reader and two more",
		read:    func(c *Config, text string) error { return size(&c.SQLiteCache, text, 64<<10, 64<<30) },
	},
	{
		flag: "postgres-pool", env: "LOBBY_POSTGRES_POOL", otherwise: "(4 per processor, at least 20)",
		meaning: "connections to PostgreSQL; beats pool_max_conns in the address",
		read:    func(c *Config, text string) error { return amount(&c.PostgresPool, text, 1, 10_000) },
	},
	{
		flag: "database-timeout", env: "LOBBY_DATABASE_TIMEOUT", initial: "5s",
		meaning: "time in which PostgreSQL must have done the work of a request, commit included; then it is 503",
		read:    func(c *Config, text string) error { return timeout(&c.DatabaseTimeout, text) },
	},
}

func (s Set) options() []option {
	if s == Serve {
		return table
	}
	var kept []option
	for _, o := range table {
		if o.store {
			kept = append(kept, o)
		}
	}
	return kept
}

// find returns the option of that flag, or the sentence that helps an operator who wrote something else.
func (s Set) find(flag string) (option, error) {
	for _, o := range s.options() {
		if o.flag == flag {
			return o, nil
		}
	}
	for _, o := range table {
		if o.flag == flag {
			return option{}, fmt.Errorf("--%s: only lobby serve takes this option", flag)
		}
	}
	unknown := "unknown option " + strconv.Quote("--"+flag)
	if near := s.nearest(flag); near != "" {
		return option{}, fmt.Errorf("%s, did you mean --%s?", unknown, near)
	}
	return option{}, fmt.Errorf("%s, --help lists them all", unknown)
}

// nearest returns the flag that was probably meant: one that the given name shortens, or the one that is spelled most alike.
// It is empty when nothing is near.
func (s Set) nearest(flag string) string {
	var flags []string
	for _, o := range s.options() {
		if len(flag) > 2 && strings.Contains(o.flag, flag) {
			return o.flag
		}
		flags = append(flags, o.flag)
	}
	return spelling.Nearest(flag, flags)
}
