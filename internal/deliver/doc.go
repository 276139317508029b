// Package deliver tells receivers outside what happens: it makes notifications of the entries of the outbox, signs them,
// and sends them to the webhooks, again and again until they are accepted. Package app runs it.
// It must not change anything but the state of deliveries.
package deliver
