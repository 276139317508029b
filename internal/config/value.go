package config

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Each function below reads the text of one kind of value into its target and leaves the target alone on an error. The
// error completes a sentence that begins with the option's name. It does not repeat a text that may hold a secret, in
// its own place or in a wrong one.

var (
	hostName     = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	appIDs       = regexp.MustCompile(`^[a-z0-9_-]{3,32}$`)
	accessTokens = regexp.MustCompile(`^[!-9;-~]{16,200}$`) // visible ASCII but the colon, which ends a user name in Basic
)

func isHost(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || hostName.MatchString(host)
}

func isPort(port string) bool {
	_, err := strconv.ParseUint(port, 10, 16)
	return err == nil
}

func listenAddress(to *string, text string) error {
	if path, isFile := strings.CutPrefix(text, socketFile); isFile {
		if path == "" || len(path) > maxSocketPath {
			return fmt.Errorf("a socket file needs a path of 1 to %d bytes, such as unix:/run/lobby/lobby.sock", maxSocketPath)
		}
		*to = text
		return nil
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil || (host != "" && !isHost(host)) || !isPort(port) {
		return fmt.Errorf("%q is not host:port, such as 127.0.0.1:8080 or :8080", text)
	}
	*to = text
	return nil
}

func seedNumber(to **uint64, text string) error {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return fmt.Errorf("%q is not a whole number of 0 or more", text)
	}
	*to = &n
	return nil
}

const (
	// socketFile begins the address of a socket file.
	socketFile = "unix:"
	// maxSocketPath is the longest path that every system takes.
	maxSocketPath = 103
)

func fileMode(to *fs.FileMode, text string) error {
	mode, err := strconv.ParseUint(text, 8, 32)
	if err != nil || mode > 0o777 {
		return fmt.Errorf("%q is not a mode, such as 0660", text)
	}
	*to = fs.FileMode(mode)
	return nil
}

// domains reads names that a certificate authority may certify, separated by commas.
func domains(to *[]string, text string) error {
	var all []string
	for one := range strings.SplitSeq(text, ",") {
		one = strings.ToLower(strings.TrimSpace(one))
		if _, err := netip.ParseAddr(one); err == nil || !hostName.MatchString(one) || !strings.Contains(strings.Trim(one, "."), ".") {
			return fmt.Errorf("%q is not a name such as lobby.example.com", one)
		}
		all = append(all, one)
	}
	*to = all
	return nil
}

func acmeDirectory(to *string, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return errors.New("must be an https address without user")
	}
	*to = text
	return nil
}

func databaseURL(to *string, text string) error {
	if !strings.HasPrefix(text, "postgres://") && !strings.HasPrefix(text, "postgresql://") {
		return errors.New("must begin with postgres:// or postgresql://")
	}
	u, err := url.Parse(text)
	// A slash, a question mark or a hash sign in a password ends the host, and an @ begins it: the rest would be a host, a
	// path, a query or a fragment, and be repeated by errors about the host or database of that name.
	if at := strings.Count(text, "@"); err != nil || u.Fragment != "" || at > 1 || at == 1 && u.User == nil {
		return errors.New("is not a valid address; percent-encode what is special in the user name and the password")
	}
	*to = text
	return nil
}

func onOff(to *bool, text string) error {
	switch strings.ToLower(text) {
	case "true", "1", "on", "yes":
		*to = true
	case "false", "0", "off", "no":
		*to = false
	default:
		return fmt.Errorf("%q is neither on nor off", text)
	}
	return nil
}

// smtpURL reads the address of a mail server. A password does not travel in the clear, except on this machine.
func smtpURL(to **url.URL, text string) error {
	u, err := url.Parse(text)
	// See databaseURL for what unescaped marks in a password do.
	if at := strings.Count(text, "@"); err != nil || u.Fragment != "" || at > 1 || at == 1 && u.User == nil {
		return errors.New("is not a valid address; percent-encode what is special in the user name and the password")
	}
	query := u.Query()
	isOpen := query.Get("tls") == "off"
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return errors.New("must begin with smtp:// or smtps://")
	case !isHost(u.Hostname()) || u.Port() != "" && !isPort(u.Port()) || strings.Trim(u.Path, "/") != "":
		return errors.New("must be smtp://USER:PASSWORD@HOST:PORT, with the user or without")
	case len(query) > 1 || len(query) == 1 && !isOpen || u.RawQuery != "" && len(query) == 0:
		return errors.New("knows ?tls=off only")
	case isOpen && u.Scheme == "smtps":
		return errors.New("smtps:// is TLS; smtp://…?tls=off is without")
	case isOpen && u.User != nil && !isLoopback(u.Hostname()):
		return errors.New("a password is not sent without TLS, except to this machine")
	}
	*to = u
	return nil
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// mailAddress reads an email address, without a name.
func mailAddress(to *string, text string) error {
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text {
		return errors.New("must be an email address, such as hello@example.com")
	}
	*to = text
	return nil
}

func publicURL(to *string, text string) error {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !isHost(u.Hostname()) || (u.Port() != "" && !isPort(u.Port())) ||
		u.User != nil || strings.ContainsAny(text, "?#") {
		return errors.New("must be an absolute http or https address without user, query and fragment, such as https://lobby.example.com")
	}
	*to = strings.TrimRight(u.String(), "/")
	return nil
}

func appID(to *string, text string) error {
	*to = text
	return CheckAppID(text)
}

// CheckAppID says what is wrong with an app id.
func CheckAppID(text string) error {
	if !appIDs.MatchString(text) {
		return errors.New("must be 3 to 32 characters out of a-z, 0-9, _ and -")
	}
	return nil
}

func accessToken(to *string, text string) error {
	*to = text
	return CheckAccessToken(text)
}

// CheckAccessToken says what is wrong with an access token that somebody chose.
func CheckAccessToken(text string) error {
	if !accessTokens.MatchString(text) {
		return errors.New("must be 16 to 200 visible ASCII characters without space and colon")
	}
	return nil
}

func count(to *int, text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is not a whole number of 0 or more", text)
	}
	*to = n
	return nil
}

// amount reads a whole number within bounds.
func amount(to *int, text string, low, high int) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return fmt.Errorf("%q is not a whole number from %d to %d", text, low, high)
	}
	*to = n
	return nil
}

var units = []struct {
	name  string
	bytes int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"", 1}}

// size reads bytes within bounds.
func size(to *int64, text string, low, high int64) error {
	for _, unit := range units {
		digits, ok := strings.CutSuffix(text, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n < (low+unit.bytes-1)/unit.bytes || n > high/unit.bytes {
			break
		}
		*to = n * unit.bytes
		return nil
	}
	return fmt.Errorf("%q is not a size from %s to %s, such as 2MiB", text, sized(low), sized(high))
}

// sized writes bytes with the largest unit that leaves no rest.
func sized(bytes int64) string {
	for _, unit := range []int{2, 1, 0} {
		if u := units[unit]; bytes%u.bytes == 0 {
			return strconv.FormatInt(bytes/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(bytes, 10)
}

// timeout reads a time from a second to an hour.
func timeout(to *time.Duration, text string) error {
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second || d > time.Hour {
		return fmt.Errorf("%q is not a time from 1s to 1h, such as 30s or 2m", text)
	}
	*to = d
	return nil
}

// delay reads a time from nothing to five minutes.
func delay(to *time.Duration, text string) error {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > 5*time.Minute {
		return fmt.Errorf("%q is not a time from 0s to 5m, such as 10s", text)
	}
	*to = d
	return nil
}

// networks reads addresses and networks, separated by commas.
func networks(to *[]netip.Prefix, text string) error {
	var all []netip.Prefix
	for one := range strings.SplitSeq(text, ",") {
		one = strings.TrimSpace(one)
		network, err := netip.ParsePrefix(one)
		if addr, alone := netip.ParseAddr(one); alone == nil {
			network, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return fmt.Errorf("%q is neither an address nor a network, such as 10.0.0.0/8", one)
		}
		all = append(all, network.Masked())
	}
	*to = all
	return nil
}

func logFormat(to *string, text string) error {
	if text != "text" && text != "json" {
		return fmt.Errorf("%q is neither text nor json", text)
	}
	*to = text
	return nil
}

func logLevel(to *slog.Level, text string) error {
	switch text {
	case "debug":
		*to = slog.LevelDebug
	case "info":
		*to = slog.LevelInfo
	case "warn":
		*to = slog.LevelWarn
	case "error":
		*to = slog.LevelError
	default:
		return fmt.Errorf("%q is not debug, info, warn or error", text)
	}
	return nil
}
