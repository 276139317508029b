// Package webhook has the subscriptions of receivers outside, and the deliveries to them: what they are, their rules, and
// what a store must keep of them. Packages api and deliver call it. It must not know bodies, HTTP or how rows are kept.
package webhook
