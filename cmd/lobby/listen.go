package main

import (
	"errors"
	"net"

	"lobby/internal/config"
	"lobby/internal/httpserver"
)

// listen returns the listener of the server and that of the probes and metrics, which is nil where they are with the rest.
// Sockets that a service manager passes come before those that the options name.
func listen(cfg config.Config, getenv func(string) string) (listener, admin net.Listener, err error) {
	if listener, admin, err = httpserver.Inherited(getenv); err != nil {
		return nil, nil, usageError{err}
	}
	if listener == nil {
		if listener, err = listenOn(cfg.Listen, cfg); err != nil {
			return nil, nil, err
		}
	}
	if admin == nil && cfg.AdminListen != "" {
		if admin, err = listenOn(cfg.AdminListen, cfg); err != nil {
			return nil, nil, errors.Join(err, listener.Close())
		}
	}
	for _, l := range []net.Listener{listener, admin} {
		if l != nil && cfg.Test && !cfg.TestAnywhere && !isLocal(l.Addr()) {
			return nil, nil, errors.Join(usage("--test: whoever reaches %s could control the server; listen on 127.0.0.1, or add --test-anywhere",
				l.Addr()), listener.Close())
		}
	}
	return listener, admin, nil
}

// isLocal reports whether only programs on this machine reach an address.
func isLocal(address net.Addr) bool {
	tcp, is := address.(*net.TCPAddr)
	return !is || tcp.IP.IsLoopback()
}

func listenOn(address string, cfg config.Config) (net.Listener, error) {
	l, err := httpserver.Listen(address, cfg.SocketMode)
	if err != nil {
		return nil, usage("cannot listen on %s: %s", address, cause(err))
	}
	return l, nil
}

// cause strips what an operator knows already from a network error.
func cause(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

// schemeOf is the scheme that a server speaks itself.
func schemeOf(cfg config.Config) string {
	if cfg.TLSCert != "" || len(cfg.ACMEDomains) > 0 {
		return "https"
	}
	return "http"
}

// urlOf is where a listener is found; of a socket file the file.
func urlOf(l net.Listener, scheme string) string {
	if file, isFile := l.Addr().(*net.UnixAddr); isFile {
		return httpserver.SocketFile + file.Name
	}
	return scheme + "://" + l.Addr().String()
}

// listenAt sets where people are told to find the server.
func (w *welcome) listenAt(l net.Listener, cfg config.Config) {
	w.curl = "curl -s"
	file, isFile := l.Addr().(*net.UnixAddr)
	switch {
	case cfg.PublicURL != "":
		w.address = cfg.PublicURL
	case len(cfg.ACMEDomains) > 0:
		w.address = "https://" + cfg.ACMEDomains[0]
	case isFile:
		w.address, w.curl = schemeOf(cfg)+"://localhost", "curl -s --unix-socket "+quoted(file.Name)
	default:
		host, port, _ := net.SplitHostPort(l.Addr().String())
		w.address = schemeOf(cfg) + "://" + net.JoinHostPort(reachable(host), port)
	}
}

// reachable is an address of this machine at which a listener on a host is reached.
func reachable(host string) string {
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return "127.0.0.1"
	}
	return host
}
