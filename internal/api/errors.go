package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"lobby/internal/apiversion"
	"lobby/internal/duplicate"
	"lobby/internal/inbox"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/search"
	"lobby/internal/webhook"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// What the adapter itself refuses.
var (
	errNoSuchPath   = errors.New("no such path")
	errMethod       = errors.New("the path has no such method")
	errToken        = errors.New("no valid access token")
	errNotInVersion = errors.New("the version has no such operation")
	errTooLarge     = errors.New("the body is too large")
	errBodyLost     = errors.New("the body did not arrive")
	errContentType  = errors.New("the body is not JSON")
	errCompressed   = errors.New("the body is compressed")
	errCursor       = errors.New("the cursor is not one of ours")
	errOptions      = errors.New("the options are no list")
	errNoBody       = errors.New("the message has no body")
	errNoSubject    = errors.New("the email has no subject")
	errModelMoved   = errors.New("attributes of conversations are found elsewhere")
	errContactTwice = errors.New("the request names more than one contact")
	errNoMerges     = errors.New("no such user to have a merge history")
	errNobodyAway   = errors.New("no such admin to be away")
)

// scopeError: the token may not do this.
type scopeError struct{ scope workspace.Scope }

func (e *scopeError) Error() string { return "the token lacks the scope " + string(e.scope) }

// limitError: the token has made too many calls.
type limitError struct{ perWindow int }

func (e *limitError) Error() string {
	return fmt.Sprintf("more than %d calls in %d s", e.perWindow, window)
}

// refusals is the one table of what is refused and how: an error, its status, its code and its text. The texts are those
// of the public API where it has one.
var refusals = []struct {
	err     error
	status  int
	code    string
	message string
}{
	{errToken, 401, "unauthorized", "Access Token Invalid"},
	{errNoSuchPath, 404, "not_found", "The requested resource does not exist; check your path and try again"},
	{errMethod, 405, "client_error", "The requested resource does not support this method"},
	{errTooLarge, 413, "client_error", "The request body is too large"},
	{errBodyLost, 400, "client_error", "The request body could not be read to its end"},
	{errContentType, 415, "unsupported", "The request body must be JSON, sent as application/json"},
	{errCompressed, 415, "unsupported", "The request body must not be compressed"},
	{errNotInVersion, 400, "intercom_version_invalid", "Requested resource is not available in current API version."},
	{apiversion.ErrRetired, 400, "intercom_version_invalid", "Requested resource is not available in current API version."},
	{apiversion.ErrUnknown, 400, "intercom_version_invalid", "The requested version could not be found"},
	{errCursor, 400, "client_error", "Invalid starting_after param. Please try again using a starting_after value from a paginated response"},

	{people.ErrVisitorNotFound, 404, "not_found", "Visitor Not Found"},
	{people.ErrUserNotFound, 404, "not_found", "User Not Found"},
	{errNoMerges, 404, "not_found", "Contact not found"},
	{people.ErrMergeRoles, 400, "invalid_merge", "Merging can only be performed on a lead into a user"},
	{people.ErrNotDuplicates, 400, "invalid_merge", "Contacts can only be merged when they are duplicates (matching email or phone). Pass skip_duplicate_validation=true to override this check."},
	{duplicate.ErrHidden, 400, "invalid_merge", "People who are archived or blocked cannot be merged"},
	{duplicate.ErrNone, 404, "not_found", "Nobody shares anything with that person"},
	{people.ErrChangeNotFound, 404, "not_found", "Change Not Found"},
	{people.ErrPersonNotFound, 404, "not_found", "Person Not Found"},
	{people.ErrResourceNotFound, 404, "not_found", "Resource Not Found"},
	{people.ErrSegmentFixed, 403, "action_forbidden", "The segments of all users and of all leads can be neither changed nor deleted"},
	{workspace.ErrAdminNotFound, 404, "admin_not_found", "Admin not found"},
	{errNobodyAway, 404, "admin_not_found", "Admin for admin_id not found"},
	{webhook.ErrNotFound, 404, "not_found", "Webhook Not Found"},
	{webhook.ErrDeliveryNotFound, 404, "not_found", "Delivery Not Found"},
	{webhook.ErrErased, 409, "conflict", "The person of the delivery was erased, and what was sent with it"},
	{webhook.ErrTooMany, 400, "parameter_invalid", "A workspace has at most 20 webhooks"},
	{errTooManyStreams, 429, "rate_limit_exceeded", "Too many clients of this workspace wait for changes"},
	{workspace.ErrIdentitySecretNotFound, 404, "not_found", "Identity Secret Not Found"},
	{workspace.ErrTeamNotFound, 404, "team_not_found", "Team not found"},
	{people.ErrCompanyNotFound, 404, "company_not_found", "Company Not Found"},
	{people.ErrTooManyCompanies, 400, "contact_company_limit_exceeded", "Contact has reached the maximum of 1000 company associations"},
	{people.ErrScrollExists, 400, "scroll_exists", "scroll already exists for this app"},
	{people.ErrScrollNotFound, 404, "not_found", "No such scroll is open; please restart the scroll operation"},
	{people.ErrTagInvalid, 400, "parameter_invalid", "invalid tag parameters"},
	{workspace.ErrAwayReasonNotFound, 404, "not_found", "Away status reason not found"},
	{workspace.ErrAwayReasonDeleted, 400, "parameter_invalid", "Away status reason is deleted"},
	{workspace.ErrLastAdmin, 409, "conflict", "The only admin of a workspace cannot be deleted"},
	{people.ErrVisitorNotNamed, 400, "parameter_not_found", "Visitor id or user_id must be supplied"},
	{people.ErrUserNotNamed, 400, "parameter_not_found", "user not specified"},
	{people.ErrTypeMissing, 400, "parameter_not_found", "type not specified"},
	{people.ErrTypeInvalid, 400, "parameter_invalid", "type must be either lead or user"},
	{people.ErrContactUnnamed, 400, "parameter_not_found", "id, user_id or email must be supplied"},
	{errContactTwice, 400, "parameter_invalid", "only one of user_id, email and intercom_user_id may be supplied"},
	{people.ErrContactNotNamed, 400, "parameter_not_found", "email, external_id or role must be supplied"},
	{people.ErrUserAnonymous, 400, "parameter_not_found", "email or external_id must be supplied for a contact with user role"},
	{people.ErrRoleInvalid, 400, "parameter_invalid", "role must be either lead or user"},
	{people.ErrUserStays, 400, "client_error", "Contact with user role can't be converted to a lead"},
	{people.ErrOwnerNotFound, 400, "parameter_invalid", "The owner specified is not a member of the workspace"},
	{people.ErrTooManyAttributes, 400, "custom_data_limit_reached", "The workspace already has 250 custom attributes"},

	{people.ErrAttributeNotFound, 404, "field_not_found", "We couldn't find that data attribute to update"},
	{people.ErrAttributeInUse, 422, "data_invalid", "The Data Attribute you are trying to archive has a dependant object"},
	{people.ErrAttributeUnnamed, 400, "parameter_not_found", "name not specified"},
	{people.ErrAttributeNameInvalid, 400, "parameter_invalid", "Your name for this attribute must only contain alphanumeric characters, currency symbols, and hyphens"},
	{people.ErrAttributeTypeInvalid, 400, "parameter_invalid", "Data Type isn't an option"},
	{people.ErrModelInvalid, 400, "parameter_invalid", "The Data Attribute model field must be either contact or company"},
	{errOptions, 400, "parameter_invalid", "Options isn't an array"},
	{errModelMoved, 422, "parameter_invalid", "model=conversation is no longer supported. Use GET /conversations/attributes instead"},

	{inbox.ErrConversationNotFound, 404, "not_found", "Resource Not Found"},
	{inbox.ErrTaggedNotFound, 404, "not_found", "Conversation not found"},
	{inbox.ErrTagNotFound, 404, "tag_not_found", "Tag not found"},
	{errNoBody, 400, "parameter_invalid", "Body is required"},
	{errNoSubject, 422, "parameter_not_found", "No subject supplied for email message"},
	{inbox.ErrNotMessageable, 404, "not_found", "User Not Found"},
	{inbox.ErrNotParticipant, 404, "not_found", "User Not Found"},
	{inbox.ErrAssigneeNotFound, 404, "assignee_not_found", "Assignee not found"},
	{inbox.ErrWordsNotFound, 404, "conversation_part_or_message_not_found", "Conversation part or message not found"},
	{inbox.ErrUploadNotFound, 404, "not_found", "File Not Found"},
	{inbox.ErrNotRedactable, 400, "conversation_part_not_redactable", "Part can't be redacted"},
	{inbox.ErrNoConversation, 400, "bad_request", "No conversation for this user"},
	{inbox.ErrLastParticipant, 422, "parameter_invalid", "Removing the last customer is not allowed"},

	{workspace.ErrUnknownOutcome, 503, "service_unavailable", "The outcome of this request is not known; please send it again"},
	{workspace.ErrUnavailable, 503, "service_unavailable", "The database is not available; nothing was changed"},
}

// dataOf is what the public API calls the data of a model.
var dataOf = map[people.AttributeModel]string{people.ContactModel: "people", people.CompanyModel: "company"}

// refuse turns an error into the answer that tells of it.
func (a *API) refuse(c *call, err error) encoder {
	status, e := c.refusal(err)
	e.RequestID = c.requestID
	var (
		merged *people.MergedError
		cursor *webhook.CursorError
		field  *jsonio.FieldError
	)
	switch {
	case errors.As(err, &cursor):
		c.w.Header().Set(earliestHeader, strconv.FormatInt(cursor.Earliest, 10))
	case errors.As(err, &merged):
		c.w.Header().Set("Link", "</contacts/"+merged.IntoID+`>; rel="canonical"`)
	case errors.As(err, &field) && field.Code == jsonio.CodeUnknown:
		e.RequestID = "" // as the public API answers it
	case status >= 500:
		if c.r.Context().Err() == nil { // otherwise the client has left, which is no failure
			a.log.LogAttrs(c.r.Context(), slog.LevelError, "request failed", slog.String("request_id", c.requestID),
				slog.String("method", c.r.Method), slog.String("path", c.r.Pattern), slog.Any("error", err))
		}
		c.w.Header().Set("Retry-After", "1")
	}
	c.status = status
	return e
}

// sentence returns a text with a capital letter.
func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// refusal is the refusal of an error in the version of the request.
func (c *call) refusal(err error) (int, wire.Error) {
	var merged *people.MergedError
	// An absorbed visitor never was a contact, so nobody can be told that the contact is gone.
	if errors.As(err, &merged) && c.version.AtLeast(apiversion.V2_16) && merged.Role.IsContact() {
		return 410, wire.Error{
			Code: "contact_merged", Message: "This contact has been merged. See the 'Link' header for the canonical contact.",
		}
	}
	return refusal(err)
}

// refusal returns the status and the error for what a use case or the adapter refused.
func refusal(err error) (int, wire.Error) {
	var (
		field    *jsonio.FieldError
		invalid  *workspace.InvalidError
		unknown  *people.UnknownAttributeError
		exists   *people.AttributeExistsError
		conflict *people.ConflictError
		blocked  *people.BlockedError
		merged   *people.MergedError
		owner    *workspace.OwnerError
		undo     *people.UndoError
		search   *search.Error
		tagged   *people.TagInUseError
		scope    *scopeError
		limit    *limitError
		order    *sortOrderError
		cursor   *webhook.CursorError
		rank     *duplicate.RankError
		distinct *duplicate.DistinctError
	)
	switch {
	case errors.As(err, &field):
		return 400, wire.Error{Code: field.Code, Message: field.Message, Field: field.Field}
	case errors.As(err, &invalid):
		return 400, wire.Error{Code: "parameter_invalid", Message: invalid.Error(), Field: invalid.Field}
	case errors.As(err, &search):
		code := "parameter_invalid"
		if search.Unknown {
			code = "invalid_field"
		}
		return 400, wire.Error{Code: code, Message: search.Reason, Field: search.Path}
	case errors.As(err, &order):
		message := "Invalid sort order '" + order.order + "'. Must be one of: ascending, descending"
		return 400, wire.Error{Code: "invalid_sort_order", Message: message, Field: "sort.order"}
	case errors.As(err, &unknown):
		message := "Custom attribute '" + unknown.Name + "' does not exist"
		return 400, wire.Error{Code: "parameter_invalid", Message: message, Field: "custom_attributes." + unknown.Name}
	case errors.As(err, &exists):
		message := fmt.Sprintf("You already have '%s' in your %s data. To save this as new %s data, use a different name.",
			exists.Name, dataOf[exists.Has], dataOf[exists.Wanted])
		return 400, wire.Error{Code: "parameter_invalid", Message: message, Field: "name"}
	case errors.As(err, &conflict):
		which := "A contact"
		switch {
		case conflict.Archived:
			which = "An archived contact"
		case conflict.Visitor:
			which = "A visitor"
		}
		message := which + " matching those details already exists with id=" + conflict.ExistingID
		return 409, wire.Error{Code: "conflict", Message: message, ExistingID: conflict.ExistingID}
	case errors.As(err, &blocked):
		message := "The contact with id=" + blocked.ID + " is blocked and is not restorable"
		return 400, wire.Error{Code: "not_restorable", Message: message, ExistingID: blocked.ID}
	case errors.As(err, &merged):
		return 404, wire.Error{Code: "not_found", Message: "User Not Found"}
	case errors.As(err, &owner):
		message := "The admin owns the access token " + owner.TokenID + "; revoke it first"
		return 409, wire.Error{Code: "conflict", Message: message, ExistingID: owner.TokenID}
	case errors.As(err, &undo):
		return 409, wire.Error{Code: string(undo.Reason), Message: "The change cannot be undone: " + undo.Error(), ExistingID: undo.ChangeID}
	case errors.As(err, &rank):
		return 400, wire.Error{Code: "invalid_merge", Message: sentence(rank.Error()), Field: "into"}
	case errors.As(err, &distinct):
		return 409, wire.Error{Code: "conflict", Message: sentence(distinct.Error())}
	case errors.As(err, &tagged):
		message := "Unable to delete Tag with dependent objects. Segments: " + strings.Join(tagged.Segments, ", ") + "."
		return 400, wire.Error{Code: "tag_has_dependent_objects", Message: message}
	case errors.As(err, &scope):
		message := "You do not have the required scope (" + string(scope.scope) + ") to access this resource"
		return 403, wire.Error{Code: "forbidden", Message: message}
	case errors.As(err, &cursor):
		return http.StatusGone, wire.Error{Code: "cursor_expired", Message: sentence(cursor.Error()), Field: "after"}
	case errors.As(err, &limit):
		message := fmt.Sprintf("Exceeded rate limit of %d in 10_seconds", limit.perWindow)
		return http.StatusTooManyRequests, wire.Error{Code: "rate_limit_exceeded", Message: message}
	}
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return r.status, wire.Error{Code: r.code, Message: r.message}
		}
	}
	return 500, wire.Error{Code: "server_error", Message: "Something went wrong on our side"}
}
