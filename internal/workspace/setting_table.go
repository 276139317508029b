package workspace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The settings that the server itself asks for, each by its name.
var (
	// CookieMode says whether a page's script keeps its visitor's id in the browser: always, ask or never.
	CookieMode = choice("cookie_mode", "always", []string{"always", "ask", "never"},
		"whether the script keeps the visitor's id in a cookie: at once, after consent only, or not at all")
	// DNTMode and GPCMode say what becomes of visitors whose browsers send these signals: record, minimal or drop.
	DNTMode = choice("dnt_mode", "record", []string{"record", "minimal", "drop"},
		"visitors with Do Not Track: recorded with the signal, recorded without pages, places and campaigns, or not recorded")
	GPCMode = choice("gpc_mode", "record", []string{"record", "minimal", "drop"},
		"visitors with Global Privacy Control: the same choice")
	// AutomatedBrowsers says what becomes of browsers that a program drives: record or drop.
	AutomatedBrowsers = choice("automated_browsers", "record", []string{"record", "drop"},
		"browsers that a program drives, as tests do; robots are never recorded")
	// Origins are the sites whose pages may speak to the browser side; none stands for all.
	Origins = list("origins", "host names, *.example.com with all below it", isHostPattern,
		"sites whose pages may send visitors; all when empty")

	// IdentityWeb, IdentityIOS and IdentityAndroid say what a claim is worth: off, accept or enforce.
	IdentityWeb     = identity("identity_web", "pages")
	IdentityIOS     = identity("identity_ios", "iOS apps")
	IdentityAndroid = identity("identity_android", "Android apps")
	// ProtectedAttributes are the names that only a proven identity may write from a browser.
	ProtectedAttributes = list("protected_attributes", "names of attributes", isAttributeName,
		"attributes, standard or custom, that a page may write for a proven user only; others are ignored")
	// BrowserAttributes says whose pages may bring custom attributes into being: everybody, verified or nobody.
	BrowserAttributes = choice("browser_attributes", "everybody", []string{"everybody", "verified", "nobody"},
		"whose pages may define new custom attributes by using them")

	// LeadFromEmail makes a lead of a visitor whose page tells an email address.
	LeadFromEmail = flag("lead_from_email", "on", "whether an email address that a page tells alone and without proof makes a lead of the visitor; off, it is the name of a user")
	// EmailForm shows visitors a small form that asks for their email address.
	EmailForm = flag("email_form", "off", "whether the script shows a small form that asks for an email address")

	// Messenger shows visitors their conversations.
	Messenger = flag("messenger", "off", "whether the script shows conversations, in which visitors write and read what admins write; off, it shows the form of email_form, if that is on")
	// AssignsNew has the bot assign new conversations to the default inbox.
	AssignsNew = flag("assign_new_conversations", "off", "whether the bot assigns a conversation that a contact begins to the default inbox, which a part of it says")
	// FirstReply is what the bot answers to a contact who begins a conversation.
	FirstReply = &Setting{
		Name: "first_reply", Values: "a text of at most 255 characters", check: isShortLine,
		Meaning: "what the bot answers at once when a contact begins a conversation; nothing when empty",
	}
	// UploadLimit is how many KiB of files may come with one message.
	UploadLimit = number("upload_limit", 1024, 0, 1<<20,
		"KiB of files that may be uploaded with one message; --max-body bounds the request, in which files are a third longer")

	// EmailReplies and EmailDelay say whether and when an admin's reply goes out by email.
	EmailReplies = flag("email_replies", "on", "whether what an admin writes in a conversation is sent by email to contacts who are not there to read it, when the server has --smtp")
	EmailDelay   = number("email_delay", 60, 0, 86_400,
		"seconds after which a reply is sent by email, unless its contact has read it by then, or has been seen on a page that shows conversations")
	// EmailReplyTo is where the answers to emails go.
	EmailReplyTo = &Setting{
		Name: "email_reply_to", Values: "an email address", check: isAddress,
		Meaning: "where contacts' answers to emails go: this server receives none; when empty they go to --smtp-from",
	}
	// EmailOpens and EmailClicks say whether emails tell that they were opened and clicked.
	EmailOpens  = flag("email_opens", "off", "whether emails have a picture by which it is known that they were opened")
	EmailClicks = flag("email_clicks", "off", "whether links in emails lead over this server, so that it is known that they were clicked")

	// SearchLag is how many seconds a search does not find who was written.
	SearchLag = number("search_lag", 0, 0, 3600,
		"seconds for which a search leaves out who was created or changed, to try what an index that lags does to a program")
	// VisitorLife is how many months a visitor is kept after it was last seen; 0 is for ever.
	VisitorLife = number("visitor_life", 9, 0, 120,
		"months after which a visitor that was not seen again is deleted with its events; 0 keeps them for ever")
	// OutboxLife is how many days an entry of the outbox is kept.
	OutboxLife = number("outbox_life", 30, 1, 365,
		"days after which an entry of the outbox is deleted, sent or not; of an erased person an entry holds ids only")
	// DeliveryLife is how many days a delivery to a webhook is kept.
	DeliveryLife = number("delivery_life", 30, 1, 365,
		"days after which a delivery to a webhook is deleted, with what was sent and answered; those about an erased person go at once")
	// PageViewLife is how many days a page view is kept; 0 keeps none.
	PageViewLife = number("page_view_life", 90, 0, 3650,
		"days after which it is forgotten which pages a person looked at; 0 keeps no page views, only how many there were")
	// ActivityLife is how many days an activity is kept.
	ActivityLife = number("activity_life", 365, 1, 3650,
		"days after which an entry of the activity log is deleted, which says what admins did in the pages and through the API")
	// NewVisitorsPerMinute is how many visitors one network address may bring in a minute; 0 is no limit.
	NewVisitorsPerMinute = number("new_visitors_per_minute", 30, 0, 100_000,
		"new visitors a minute from one network address, and users that its pages name without proof; 0 is no limit")
	// SecretParameters are query parameters that never leave the browser.
	SecretParameters = list("secret_parameters", "names of query parameters", isAttributeName,
		"query parameters that the script takes out of addresses, beside those that always are")
)

// Settings is the table of all settings, in the order of the reference.
var Settings = []*Setting{
	{
		Name: "name", Default: "Lobby", Values: "a text of at most 255 characters", Meaning: "shown in lists and by GET /me",
		check: isShortText, field: func(ws *Workspace) settingField { return (*textField)(&ws.Name) },
	},
	{
		Name: "api_version", Default: "2.7", Values: fmt.Sprintf("2.0 to 2.%d, or Preview", newestMinor), Meaning: "answers requests without Intercom-Version",
		check: isAPIVersion, field: func(ws *Workspace) settingField { return (*textField)(&ws.APIVersion) },
	},
	{
		Name: "merged_ids", Default: "gone", Values: "gone or resolve",
		Meaning: "whether the public API follows the forwarding address of a merged contact",
		check:   oneOf("gone", "resolve"), field: func(ws *Workspace) settingField { return (*mergedField)(&ws.ResolveMerged) },
	},
	{
		Name: "timezone", Default: "UTC", Values: "the name of a time zone, as in Europe/Dublin",
		Meaning: "in which search counts days; shown by GET /me",
		check:   CheckTimezone, rename: func(name string) string { today, _ := Timezone(name); return today },
		field: func(ws *Workspace) settingField { return (*textField)(&ws.Timezone) },
	},
	CookieMode, DNTMode, GPCMode, AutomatedBrowsers, Origins,
	IdentityWeb, IdentityIOS, IdentityAndroid, ProtectedAttributes, BrowserAttributes,
	LeadFromEmail, EmailForm, Messenger,
	AssignsNew, FirstReply, UploadLimit,
	EmailReplies, EmailDelay, EmailReplyTo, EmailOpens, EmailClicks,
	SearchLag, VisitorLife, OutboxLife, DeliveryLife, PageViewLife, ActivityLife, NewVisitorsPerMinute, SecretParameters,
}

// Weakened are the settings by which somebody may be named a user without a proof.
func Weakened(ws *Workspace) (all []*Setting) {
	for _, s := range []*Setting{IdentityWeb, IdentityIOS, IdentityAndroid} {
		if s.Of(ws) != s.Default {
			all = append(all, s)
		}
	}
	return all
}

type textField string

func (f *textField) show() string { return string(*f) }

func (f *textField) keep(value string) { *f = textField(value) }

type mergedField bool

func (f *mergedField) show() string {
	if *f {
		return "resolve"
	}
	return "gone"
}

func (f *mergedField) keep(value string) { *f = value == "resolve" }

func choice(name, otherwise string, values []string, meaning string) *Setting {
	last := len(values) - 1
	return &Setting{
		Name: name, Default: otherwise, Meaning: meaning, check: oneOf(values...),
		Values: strings.Join(values[:last], ", ") + " or " + values[last],
	}
}

func identity(name, whose string) *Setting {
	return choice(name, "enforce", []string{"off", "accept", "enforce"},
		"what it is worth that "+whose+" name a user: off never asks for a proof, accept trusts what is proven and lets the rest make "+
			"unverified users only, enforce refuses what is not proven")
}

func flag(name, otherwise, meaning string) *Setting {
	return &Setting{Name: name, Kind: FlagSetting, Default: otherwise, Values: "on or off", Meaning: meaning, check: oneOf("on", "off")}
}

func number(name string, otherwise, least, most int64, meaning string) *Setting {
	return &Setting{
		Name: name, Kind: NumberSetting, Default: strconv.FormatInt(otherwise, 10), Meaning: meaning,
		Values: fmt.Sprintf("a whole number from %d to %d", least, most),
		check: func(value string) error {
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil || n < least || n > most || strconv.FormatInt(n, 10) != value {
				return errSetting
			}
			return nil
		},
	}
}

func list(name, values string, check func(string) error, meaning string) *Setting {
	return &Setting{Name: name, Kind: ListSetting, Values: values, Meaning: meaning, check: check}
}

func oneOf(values ...string) func(string) error {
	return func(value string) error {
		if !slices.Contains(values, value) {
			return errSetting
		}
		return nil
	}
}

// maxSettingText is how many characters the text of a setting, and each element of a list, may have.
const maxSettingText = 255

func isShortText(value string) error {
	if len([]rune(value)) > maxSettingText || value == "" {
		return errSetting
	}
	return nil
}

// isShortLine is isShortText for a setting that may be empty.
func isShortLine(value string) error {
	if value == "" {
		return nil
	}
	return isShortText(value)
}

// isAddress takes an email address in ASCII, or nothing.
func isAddress(value string) error {
	if value == "" {
		return nil
	}
	if !isASCII(value) || strings.ContainsAny(value, " <>,;:\"") || CheckEmail("", value) != nil {
		return errSetting
	}
	return nil
}

// newestMinor is the newest numbered version of the public API: 2.16. This package must not import apiversion, which has
// the list, so a test of package api compares the two.
const newestMinor = 16

// isAPIVersion knows the names only; package apiversion knows what they mean.
func isAPIVersion(value string) error {
	minor, is := strings.CutPrefix(value, "2.")
	if n, err := strconv.Atoi(minor); is && err == nil && n >= 0 && n <= newestMinor && strconv.Itoa(n) == minor || value == "Preview" {
		return nil
	}
	return errSetting
}

func isAttributeName(value string) error {
	if len(value) > maxSettingText || strings.ContainsAny(value, ".$\x00") {
		return errSetting
	}
	return nil
}

// isHostPattern takes a host name, with a port or without, and *. before it for all that is below it.
func isHostPattern(value string) error {
	host := strings.TrimPrefix(value, "*.")
	if host == "" || len(host) > 255 || strings.ContainsAny(host, "*/@ ?#") || strings.HasPrefix(host, ".") {
		return errSetting
	}
	return nil
}
