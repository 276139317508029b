package sqlstore

import "slices"

// attachments are the tables whose rows belong to a person, by its own id. They are deleted with the person, and fsck
// checks them. The file of each noun has its own tables.
var attachments = slices.Concat(
	eventAttachments, noteAttachments, companyAttachments, subscriptionAttachments, tagAttachments, browserSessionAttachments, deliveryAttachments,
	participantAttachments, recipientAttachments, receiptAttachments, mailAttachments, trafficAttachments, distinctionAttachments,
)
