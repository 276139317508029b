// Package mail sends the emails that the inbox has for contacts over SMTP, and serves the links in them: to unsubscribe, and
// to know that one was opened or clicked.
// It must not decide who gets mail, and it receives none.
package mail
