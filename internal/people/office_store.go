package people

import "context"

// OfficeStore keeps what belongs to workspaces themselves.
type OfficeStore interface {
	// Read runs fn on one consistent view that holds every write acknowledged before the call.
	Read(ctx context.Context, fn func(OfficeReader) error) error
	// Write runs fn so that all of its writes happen or none; fn may run again from the start. When Write returns nil,
	// the writes survive a power cut. ErrUnknownOutcome means that they may or may not.
	Write(ctx context.Context, fn func(OfficeWriter) error) error
}

// ReadFrom returns what fn reads in one consistent view of a store.
func ReadFrom[T, R any](ctx context.Context, store interface {
	Read(context.Context, func(R) error) error
}, fn func(R) (T, error),
) (result T, err error) {
	err = store.Read(ctx, func(r R) (err error) {
		result, err = fn(r)
		return err
	})
	return result, err
}

// WriteTo returns what fn returns from one transaction of a store, which is all or nothing; fn may run again from the
// start.
func WriteTo[T, W any](ctx context.Context, store interface {
	Write(context.Context, func(W) error) error
}, fn func(W) (T, error),
) (result T, err error) {
	err = store.Write(ctx, func(w W) (err error) {
		result, err = fn(w)
		return err
	})
	return result, err
}

// OfficeReader looks up what belongs to workspaces.
type OfficeReader interface {
	OutboxReader
	WorkspaceReader
	TokenReader
	AdminReader
	TeamReader
	ActivityReader
	AwayReasonReader
}

// OfficeWriter also changes it.
type OfficeWriter interface {
	OfficeReader
	NumberWriter
	OutboxWriter
	LeaseWriter
	WorkspaceWriter
	TokenWriter
	AdminWriter
	TeamWriter
	ActivityWriter
	AwayReasonWriter
}
