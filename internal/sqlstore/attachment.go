package sqlstore

import "slices"

// attachments are the tables whose rows hang on a person, by its own id. They are deleted with it, and fsck follows them.
// Each noun's file has its own.
var attachments = slices.Concat(
	eventAttachments, noteAttachments, companyAttachments, subscriptionAttachments, tagAttachments, browserSessionAttachments,
)
