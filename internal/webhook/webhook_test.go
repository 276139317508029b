package webhook_test

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"testing"

	"lobby/internal/webhook"
)

func TestOnlyAddressesOfThePublicInternetArePublic(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"93.184.216.34": true, "1.1.1.1": true, "2606:4700::1111": true, "2a00:1450::1": true, "172.32.0.1": true, "100.128.0.1": true,
		"0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "100.64.0.1": false, "100.100.100.200": false, "127.0.0.1": false, "127.9.9.9": false,
		"169.254.169.254": false, "172.16.0.1": false, "172.31.255.255": false, "192.0.0.192": false, "192.0.2.1": false, "192.88.99.1": false,
		"192.168.1.1": false, "198.18.0.1": false, "198.19.255.255": false, "198.51.100.1": false, "203.0.113.9": false, "224.0.0.1": false,
		"240.0.0.1": false, "255.255.255.255": false, "168.63.129.16": false,
		"::": false, "::1": false, "::ffff:10.0.0.1": false, "::ffff:127.0.0.1": false, "::ffff:93.184.216.34": true, "::10.0.0.1": false,
		"fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "fec0::1": false, "ff02::1": false,
		"64:ff9b::a00:1": false, "64:ff9b:1::1": false, "2002:a00:1::1": false, "2001::1": false, "2001:db8::1": false, "3fff::1": false, "100::1": false,
		"5f00::1": false, "4000::1": false,
	} {
		if got := webhook.IsPublic(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	if webhook.IsPublic(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestAnAddressThatNoDeliveryMayGoToIsRefused(t *testing.T) {
	t.Parallel()
	for url, private := range map[string][2]bool{ // accepted: on the public internet only, and with private addresses
		"https://example.com/a?b=c":  {true, true},
		"http://example.com":         {false, true},
		"https://10.0.0.1/":          {false, true},
		"https://[::1]:8443/":        {false, true},
		"https://[::ffff:7f00:1]/":   {false, true},
		"https://localhost/":         {true, true}, // which a look-up finds out
		"ftp://example.com":          {},
		"https:///path":              {},
		"https://:443/":              {},
		"example.com":                {},
		"https://u@example.com":      {},
		"https://u:p@example.com":    {},
		"https://example.com/#part":  {},
		"https://exa mple.com/":      {},
		"https://example.com/\r\nX:": {},
		"https://ex\u00e4mple.com/":  {},
		"":                           {},
	} {
		for i, allow := range []bool{false, true} {
			if err := webhook.CheckURL(url, allow); (err == nil) != private[i] {
				t.Errorf("%q with private addresses %v: %v", url, allow, err)
			}
		}
	}
}

func TestIDsOfNotificationsAreDistinctAndSortLikeEntries(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^notif_[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	var all []string
	entries := []string{"000000000000000000000000", "6553f1000123456789abcdef", "6553f1000123456789abcdf0", "6553f100f123456789abcdef", "6553f1010000000000000000", "ffffffffffffffffffffffff"}
	for _, entry := range entries {
		for part := range 16 {
			all = append(all, webhook.NotificationID(entry, "hook", part))
		}
	}
	for _, id := range all {
		if !form.MatchString(id) {
			t.Errorf("%s is no UUID of version 8", id)
		}
	}
	if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("not sorted, or not distinct: %q", all)
	}
	seen := map[string]bool{}
	for bit := range 96 { // every bit of an entry counts
		entry := [24]byte{}
		for i := range entry {
			entry[i] = '0'
		}
		entry[bit/4] = "8421"[bit%4]
		seen[webhook.NotificationID(string(entry[:]), "hook", 0)] = true
	}
	if len(seen) != 96 {
		t.Errorf("%d of 96 ids are distinct", len(seen))
	}
	if webhook.NotificationID(entries[1], "hook", 0) == webhook.NotificationID(entries[1], "other", 0) {
		t.Error("two webhooks have the same id")
	}
	for _, entry := range []string{"", "entry", entries[1][:23], entries[1] + "00"} { // entries have no such ids
		if id := webhook.NotificationID(entry, "hook", 0); !form.MatchString(id) {
			t.Errorf("%s of %q is no UUID of version 8", id, entry)
		}
	}
}

func TestRetriesTakeADayAndAreSpread(t *testing.T) {
	t.Parallel()
	d := webhook.Delivery{CreatedAt: 1000}
	now, waits := d.CreatedAt, []int64{}
	for {
		d.Attempts++
		next := d.Retry(now, 0.5)
		if next == 0 {
			break
		}
		waits, now = append(waits, next-now), next
	}
	if got := fmt.Sprint(waits[:9]); got != "[60 120 240 480 960 1920 3840 7680 14400]" || now < 1000+86400 || now > 1000+86400+14400 {
		t.Errorf("%v, the last at %d", waits, now)
	}
	d.Attempts = 1
	if a, b := d.Retry(2000, 0), d.Retry(2000, 0.999); a != 2045 || b != 2074 {
		t.Errorf("between %d and %d", a, b)
	}
}
