package api

import (
	"lobby/internal/apiversion"
	"lobby/internal/workspace"
)

// route is one operation.
type route struct {
	method, path string
	handle       func(*call) (encoder, error)
	// since is the first version that has it.
	since apiversion.Version
	// scopes are those of which a token needs one.
	scopes []workspace.Scope
}

// Which scopes allow what.
var (
	reading = []workspace.Scope{workspace.ReadUsers, workspace.ReadWriteUsers, workspace.WriteUsers}
	writing = []workspace.Scope{workspace.ReadWriteUsers, workspace.WriteUsers}
	setting = []workspace.Scope{workspace.WriteSettings}
	proving = []workspace.Scope{workspace.WriteSecrets}
	hooking = []workspace.Scope{workspace.WriteWebhooks}

	readingWords = []workspace.Scope{workspace.ReadConversations, workspace.WriteConversations}
	writingWords = []workspace.Scope{workspace.WriteConversations}
)

// routes is the whole surface, in the order of the public reference; Lobby's own operations come last.
func (a *API) routes() []route {
	const always = apiversion.V2_0
	return []route{
		{"GET", "/me", a.me, always, reading},
		{"GET", "/admins", a.listAdmins, always, reading},
		{"GET", "/admins/activity_logs", a.listActivities, always, reading},
		{"POST", "/admins/activity_logs/search", a.searchActivities, apiversion.V2_16, reading},
		{"GET", "/admins/activity_log_event_types", a.listActivityKinds, apiversion.V2_16, reading},
		{"GET", "/admins/{id}", a.getAdmin, always, reading},
		{"PUT", "/admins/{id}/away", a.setAway, always, writing},
		{"GET", "/away_status_reasons", a.listAwayReasons, apiversion.V2_14, reading},
		{"GET", "/teams", a.listTeams, always, reading},
		{"GET", "/teams/{id}", a.getTeam, always, reading},
		{"PUT", "/teams/{id}", a.setTeamMembers, apiversion.Preview, writing},

		{"GET", "/visitors", a.findVisitor, always, reading},
		{"PUT", "/visitors", a.updateVisitor, always, writing},
		{"POST", "/visitors/convert", a.convertVisitor, always, writing},

		// No longer described, but called by clients in use: the Ruby, PHP and older Node and Java libraries.
		{"POST", "/visitors", a.updateVisitor, always, writing},
		{"GET", "/visitors/{id}", a.getVisitor, always, reading},
		{"PUT", "/visitors/{id}", a.updateVisitor, always, writing},
		{"DELETE", "/visitors/{id}", a.deleteVisitor, always, writing},

		{"GET", "/contacts", a.listContacts, always, reading},
		{"POST", "/contacts", a.createContact, always, writing},
		{"POST", "/contacts/search", a.searchContacts, always, reading},
		{"POST", "/contacts/merge", a.mergeContacts, always, writing},
		{"POST", "/contacts/merge/preview", a.previewMerge, apiversion.Preview, reading},
		{"GET", "/contacts/find_by_external_id/{external_id}", a.getContactByExternalID, apiversion.V2_13, reading},
		{"GET", "/contacts/{id}", a.getContact, always, reading},
		{"PUT", "/contacts/{id}", a.updateContact, always, writing},
		{"DELETE", "/contacts/{id}", a.deleteContact, always, writing},
		{"GET", "/contacts/{id}/merge_history", a.getMergeHistory, apiversion.V2_16, reading},
		{"POST", "/contacts/{id}/archive", a.archiveContact, always, writing},
		{"POST", "/contacts/{id}/unarchive", a.unarchiveContact, always, writing},
		{"POST", "/contacts/{id}/block", a.blockContact, apiversion.V2_13, writing},

		{"GET", "/contacts/{contact_id}/companies", a.listCompaniesOf, always, reading},
		{"POST", "/contacts/{contact_id}/companies", a.attachCompany, always, writing},
		{"DELETE", "/contacts/{contact_id}/companies/{id}", a.detachCompany, always, writing},

		{"POST", "/companies", a.saveCompany, always, writing},
		{"GET", "/companies", a.findCompanies, always, reading},
		{"POST", "/companies/list", a.listCompanies, always, reading},
		{"GET", "/companies/scroll", a.scrollCompanies, always, reading},
		{"POST", "/companies/search", a.searchCompanies, apiversion.Preview, reading},
		{"GET", "/companies/{id}", a.getCompany, always, reading},
		{"PUT", "/companies/{id}", a.updateCompany, always, writing},
		{"DELETE", "/companies/{id}", a.deleteCompany, always, writing},
		{"GET", "/companies/{id}/contacts", a.listContactsOfCompany, always, reading},
		{"GET", "/companies/{id}/segments", a.listSegmentsOfCompany, always, reading},
		{"GET", "/companies/{company_id}/notes", a.listNotes, apiversion.V2_15, reading},
		{"POST", "/companies/{company_id}/notes", a.createNote, apiversion.V2_16, writing},

		{"GET", "/contacts/{contact_id}/tags", a.listTagsOf, always, reading},
		{"POST", "/contacts/{contact_id}/tags", a.applyTag, always, writing},
		{"DELETE", "/contacts/{contact_id}/tags/{id}", a.removeTag, always, writing},
		{"GET", "/contacts/{contact_id}/notes", a.listNotes, always, reading},
		{"POST", "/contacts/{contact_id}/notes", a.createNote, always, writing},
		{"GET", "/notes/{id}", a.getNote, always, reading},

		{"GET", "/tags", a.listTags, always, reading},
		{"POST", "/tags", a.saveTag, always, writing},
		{"GET", "/tags/{id}", a.getTag, always, reading},
		{"DELETE", "/tags/{id}", a.deleteTag, always, writing},

		{"GET", "/subscription_types", a.listSubscriptionTypes, always, reading},
		{"GET", "/contacts/{contact_id}/subscriptions", a.listSubscriptions, always, reading},
		{"POST", "/contacts/{contact_id}/subscriptions", a.attachSubscription, always, writing},
		{"DELETE", "/contacts/{contact_id}/subscriptions/{id}", a.detachSubscription, always, writing},

		{"GET", "/segments", a.listSegments, always, reading},
		{"GET", "/segments/{id}", a.getSegment, always, reading},
		{"GET", "/contacts/{contact_id}/segments", a.listSegmentsOfContact, always, reading},

		{"GET", "/data_attributes", a.listDataAttributes, always, reading},
		{"POST", "/data_attributes", a.createDataAttribute, always, writing},
		{"PUT", "/data_attributes/{id}", a.updateDataAttribute, always, writing},

		{"POST", "/events", a.createEvent, always, writing},
		{"GET", "/events", a.listEvents, always, reading},
		{"POST", "/events/summaries", a.createEventSummaries, always, writing},

		{"POST", "/messages", a.createMessage, always, writingWords},

		{"GET", "/conversations", a.listConversations, always, readingWords},
		{"POST", "/conversations", a.createConversation, always, writingWords},
		{"GET", "/conversations/deleted", a.listDeletedConversations, apiversion.V2_16, readingWords},
		{"POST", "/conversations/search", a.searchConversations, always, readingWords},
		{"POST", "/conversations/redact", a.redactConversation, always, writingWords},
		{"GET", "/conversations/{id}", a.getConversation, always, readingWords},
		{"PUT", "/conversations/{id}", a.updateConversation, always, writingWords},
		{"DELETE", "/conversations/{id}", a.deleteConversation, apiversion.V2_13, writingWords},
		{"POST", "/conversations/{id}/reply", a.replyToConversation, always, writingWords},
		{"POST", "/conversations/{id}/parts", a.replyToConversation, always, writingWords},
		{"POST", "/conversations/{id}/run_assignment_rules", a.runAssignmentRules, always, writingWords},
		{"POST", "/conversations/{id}/customers", a.attachCustomer, always, writingWords},
		{"DELETE", "/conversations/{id}/customers/{contact_id}", a.detachCustomer, always, writingWords},
		{"POST", "/conversations/{conversation_id}/tags", a.tagConversation, always, writingWords},
		{"DELETE", "/conversations/{conversation_id}/tags/{id}", a.untagConversation, always, writingWords},

		// No longer described, but called by older Go and Node libraries.
		{"GET", "/counts", a.count, always, reading},
		{"POST", "/conversations/{id}", a.updateConversation, always, writingWords},
		{"POST", "/conversations/{id}/run_assignment_rules/parts", a.runAssignmentRules, always, writingWords},

		{"POST", "/lobby/v1/receipts", a.acceptReceipts, always, writing},
		{"POST", "/lobby/v1/visitors", a.createVisitor, always, writing},
		{"GET", "/lobby/v1/visitors", a.listVisitors, always, reading},
		{"POST", "/lobby/v1/visitors/search", a.searchVisitors, always, reading},
		{"POST", "/lobby/v1/companies/search", a.searchCompanies, always, reading},
		{"GET", "/lobby/v1/people/{id}", a.getPerson, always, reading},
		{"GET", "/lobby/v1/people/{id}/export", a.exportPerson, always, reading},
		{"GET", "/lobby/v1/people/{id}/history", a.getHistory, always, reading},
		{"GET", "/lobby/v1/people/{id}/events", a.listEventsOfPerson, always, reading},
		{"GET", "/lobby/v1/people/{id}/page_views", a.listPageViews, always, reading},
		{"POST", "/lobby/v1/changes/{id}/undo", a.undoChange, always, writing},
		{"POST", "/lobby/v1/contacts/merge/preview", a.previewMerge, always, reading},
		{"POST", "/lobby/v1/visitors/convert/preview", a.previewConversion, always, reading},

		{"GET", "/lobby/v1/duplicates", a.listDuplicates, always, reading},
		{"POST", "/lobby/v1/duplicates/preview", a.previewDuplicates, always, reading},
		{"POST", "/lobby/v1/duplicates/merge", a.mergeDuplicates, always, writing},
		{"GET", "/lobby/v1/duplicates/distinct", a.listDistinctions, always, reading},
		{"POST", "/lobby/v1/duplicates/distinct", a.distinguish, always, writing},
		{"GET", "/lobby/v1/duplicates/{id}", a.getDuplicate, always, reading},

		{"GET", "/lobby/v1/visitors/{visitor_id}/companies", a.listCompaniesOf, always, reading},
		{"POST", "/lobby/v1/visitors/{visitor_id}/companies", a.attachCompany, always, writing},
		{"DELETE", "/lobby/v1/visitors/{visitor_id}/companies/{id}", a.detachCompany, always, writing},

		{"GET", "/lobby/v1/visitors/{visitor_id}/tags", a.listTagsOf, always, reading},
		{"POST", "/lobby/v1/visitors/{visitor_id}/tags", a.applyTag, always, writing},
		{"DELETE", "/lobby/v1/visitors/{visitor_id}/tags/{id}", a.removeTag, always, writing},
		{"GET", "/lobby/v1/visitors/{visitor_id}/notes", a.listNotes, always, reading},
		{"POST", "/lobby/v1/visitors/{visitor_id}/notes", a.createNote, always, writing},

		{"GET", "/lobby/v1/settings", a.getSettings, always, reading},
		{"PUT", "/lobby/v1/settings", a.changeSettings, always, setting},

		{"GET", "/lobby/v1/identity_secrets", a.listIdentitySecrets, always, proving},
		{"POST", "/lobby/v1/identity_secrets", a.createIdentitySecret, always, proving},
		{"DELETE", "/lobby/v1/identity_secrets/{id}", a.deleteIdentitySecret, always, proving},

		{"GET", "/lobby/v1/changes", a.listChanges, always, reading},
		{"GET", "/lobby/v1/webhooks", a.listWebhooks, always, hooking},
		{"POST", "/lobby/v1/webhooks", a.createWebhook, always, hooking},
		{"GET", "/lobby/v1/webhooks/{id}", a.getWebhook, always, hooking},
		{"PUT", "/lobby/v1/webhooks/{id}", a.changeWebhook, always, hooking},
		{"DELETE", "/lobby/v1/webhooks/{id}", a.deleteWebhook, always, hooking},
		{"POST", "/lobby/v1/webhooks/{id}/rotate", a.rotateWebhook, always, hooking},
		{"POST", "/lobby/v1/webhooks/{id}/test", a.testWebhook, always, hooking},
		{"GET", "/lobby/v1/webhooks/{id}/deliveries", a.listDeliveries, always, hooking},
		{"GET", "/lobby/v1/webhooks/{id}/deliveries/{delivery_id}", a.getDelivery, always, hooking},
		{"POST", "/lobby/v1/webhooks/{id}/deliveries/{delivery_id}/redeliver", a.redeliver, always, hooking},

		{"GET", "/lobby/v1/admins", a.listAdmins, always, reading},
		{"POST", "/lobby/v1/admins", a.createAdmin, always, writing},
		{"PUT", "/lobby/v1/admins/{id}", a.changeAdmin, always, writing},
		{"DELETE", "/lobby/v1/admins/{id}", a.deleteAdmin, always, writing},
		{"GET", "/lobby/v1/away_status_reasons", a.listAwayReasons, always, reading},
		{"POST", "/lobby/v1/away_status_reasons", a.createAwayReason, always, writing},
		{"PUT", "/lobby/v1/away_status_reasons/{id}", a.changeAwayReason, always, writing},
		{"DELETE", "/lobby/v1/away_status_reasons/{id}", a.deleteAwayReason, always, writing},
		{"GET", "/lobby/v1/teams", a.listTeams, always, reading},
		{"POST", "/lobby/v1/teams", a.createTeam, always, writing},
		{"PUT", "/lobby/v1/teams/{id}", a.changeTeam, always, writing},
		{"DELETE", "/lobby/v1/teams/{id}", a.deleteTeam, always, writing},
		{"GET", "/lobby/v1/subscription_types", a.listSubscriptionTypes, always, reading},
		{"GET", "/lobby/v1/segments", a.listOwnSegments, always, reading},
		{"POST", "/lobby/v1/segments", a.createSegment, always, writing},
		{"GET", "/lobby/v1/segments/{id}", a.getOwnSegment, always, reading},
		{"PUT", "/lobby/v1/segments/{id}", a.changeSegment, always, writing},
		{"DELETE", "/lobby/v1/segments/{id}", a.deleteSegment, always, writing},
		{"POST", "/lobby/v1/subscription_types", a.createSubscriptionType, always, writing},
		{"PUT", "/lobby/v1/subscription_types/{id}", a.changeSubscriptionType, always, writing},
	}
}
