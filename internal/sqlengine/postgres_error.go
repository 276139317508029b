package sqlengine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// The errors of PostgreSQL after which a transaction may simply run again.
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	uniqueViolation      = "23505"
)

// The errors of a statement that makes a table, a column or an index which another server made at the same moment. Even
// IF NOT EXISTS does not prevent them: it only sees what is committed.
const (
	duplicateColumn = "42701"
	duplicateObject = "42710"
	duplicateTable  = "42P07"
)

// Some of the errors of a server that cannot do its work at present.
const (
	readOnlyTransaction = "25006" // an old primary after a failover
	queryCanceled       = "57014" // by statement_timeout, too
	tooManyConnections  = "53300"
)

// The errors of a prepared statement that another connection of a pooler has, or has not.
const (
	statementMissing   = "26000"
	statementDuplicate = "42P05"
)

// codeOf returns the SQLSTATE of an error, and "" for one that did not come from the server.
func codeOf(err error) string {
	if refused, ok := errors.AsType[*pgconn.PgError](err); ok {
		return refused.Code
	}
	return ""
}

// isConflict reports whether a transaction failed because of another one.
func isConflict(err error) bool {
	switch codeOf(err) {
	case serializationFailure, deadlockDetected, uniqueViolation, duplicateColumn, duplicateObject, duplicateTable:
		return true
	}
	return false
}

// isMixedUp reports whether a transaction failed because a pooler gave it the named statements of another connection.
func isMixedUp(err error) bool {
	code := codeOf(err)
	return code == statementMissing || code == statementDuplicate
}

// isRefusal reports whether an error is the function's own, and none of the database.
func isRefusal(err error) bool {
	return codeOf(err) == "" && !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrUnknownOutcome)
}

// isNotNow reports whether a SQLSTATE means that the server cannot do its work at present: connections (08), a server that
// only reads, a transaction that took too long (25P03, 25P04, 55P03), resources (53), an operator or a time-out (57), and
// the disk (58).
func isNotNow(code string) bool {
	switch code {
	case readOnlyTransaction, "25P03", "25P04", "55P03":
		return true
	}
	switch code[:min(2, len(code))] {
	case "08", "53", "57", "58":
		return true
	}
	return false
}

// errNoneFree says that there was no connection in time. It says nothing of those that there are: to replace them would
// keep them from ever being used, where each new one takes as long as a request may take.
var errNoneFree = errors.New("no connection was free in time")

// isLost reports whether an error says that other connections to the same server are of no use either.
func isLost(err error) bool {
	switch code := codeOf(err); code {
	case "", readOnlyTransaction, tooManyConnections:
		return !errors.Is(err, context.Canceled) && !errors.Is(err, errNoneFree)
	default:
		return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P")
	}
}

func postgresError(err error) error {
	switch code := codeOf(err); {
	case err == nil:
		return nil
	case code == "" || isNotNow(code):
		return unavailable(err)
	case code == uniqueViolation:
		return fmt.Errorf("%w: %w", ErrTaken, err)
	}
	return err
}
