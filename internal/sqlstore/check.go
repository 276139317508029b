package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"lobby/internal/invariant"
	"lobby/internal/sqlengine"
)

// Finding is one breach of an invariant.
type Finding = invariant.Finding

// Check looks for breaches of the invariants, all in one consistent view of a database that may be in use. It returns
// at most a hundred findings a check.
func (s *Store) Check(ctx context.Context) ([]Finding, error) {
	return s.CheckTelling(ctx, func(int, int) {})
}

// CheckTelling is Check that calls tell before each check with how many of how many are done.
func (s *Store) CheckTelling(ctx context.Context, tell func(done, total int)) ([]Finding, error) {
	var found []Finding
	err := s.engine.ReadLong(ctx, func(on sqlengine.Session) error {
		found = nil
		all := append([]check{s.checkPages}, rowChecks()...)
		all = append(all, s.checkStatistics, s.checkSearchKeys)
		for i, check := range all {
			tell(i, len(all))
			if err := check(on, &found); err != nil {
				return err
			}
			if i == 0 && len(found) > 0 {
				return nil // the rows of a damaged file cannot be trusted
			}
		}
		return nil
	})
	return found, translated(err)
}

// check looks for breaches of one invariant.
type check = func(on sqlengine.Session, found *[]Finding) error

// rowChecks returns the checks of all that is not derived.
func rowChecks() (all []check) {
	for _, c := range slices.Concat(invariant.Checks, invariant.OfPeople(attachments), invariant.OfCompanies(companyParts)) {
		all = append(all, func(on sqlengine.Session, found *[]Finding) error { return collect(on, found, &c) })
	}
	return all
}

// checkRows runs them all.
func checkRows(on sqlengine.Session) (found []Finding, err error) {
	for _, check := range rowChecks() {
		if err := check(on, &found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// checkPages looks for damage of the file.
func (s *Store) checkPages(on sqlengine.Session, found *[]Finding) error {
	if s.engine.Dialect().Name != "sqlite" {
		return nil
	}
	return on.Query(`PRAGMA quick_check(100)`, nil, func(r sqlengine.Row) error {
		if what := r.Text(0); what != "ok" {
			*found = append(*found, Finding{Invariant: "storage", What: what})
		}
		return nil
	})
}

func collect(on sqlengine.Session, found *[]Finding, c *invariant.Check) error {
	err := on.Query(c.SQL+" LIMIT 100", nil, func(r sqlengine.Row) error {
		*found = append(*found, Finding{Invariant: c.Invariant, Workspace: r.Text(0), ID: r.Text(1), What: c.What})
		return nil
	})
	if err != nil {
		return fmt.Errorf("check %s (%s): %w", c.Invariant, c.What, err)
	}
	return nil
}
