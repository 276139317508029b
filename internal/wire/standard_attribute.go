package wire

import (
	"lobby/internal/jsonio"
	"lobby/internal/people"
)

// standardAttribute is an attribute that every workspace has. It has neither an id nor an admin who made it.
type standardAttribute struct {
	model                        people.AttributeModel
	name, fullName, label, about string
	kind                         people.AttributeType
	apiWritable                  bool
	// last says that it comes after the custom attributes in the list.
	last bool
}

const (
	writable = true
	readOnly = false
)

// standard has all standard attributes in the order of the list.
var standard = []standardAttribute{
	{people.ContactModel, "role", "role", "Role", "Whether a person is a user or a lead", people.StringAttribute, writable, false},
	{people.ContactModel, "name", "name", "Name", "What a person is called", people.StringAttribute, writable, false},
	{people.ContactModel, "email", "email", "Email", "Where a person gets mail", people.StringAttribute, writable, false},
	{people.ContactModel, "email_domain", "email_domain", "Email domain", "What follows the @ of the email address", people.StringAttribute, readOnly, false},
	{people.ContactModel, "phone", "phone", "Phone", "The number by which a person is called", people.StringAttribute, writable, false},
	{people.ContactModel, "external_id", "external_id", "User ID", "The id that a person has in your own database", people.StringAttribute, writable, false},
	{people.ContactModel, "avatar", "avatar", "Avatar", "Where the picture of a person is found", people.StringAttribute, writable, false},
	{people.ContactModel, "owner_id", "owner_id", "Owner", "The teammate who looks after a person", people.IntegerAttribute, writable, false},
	{people.ContactModel, "signed_up_at", "signed_up_at", "Signed up", "When a person signed up", people.DateAttribute, writable, false},
	{people.ContactModel, "last_seen_at", "last_seen_at", "Last seen", "When a person was last on a page or in an app", people.DateAttribute, writable, false},
	{people.ContactModel, "last_contacted_at", "last_contacted_at", "Last contacted", "When a message was last sent to a person", people.DateAttribute, readOnly, false},
	{people.ContactModel, "last_replied_at", "last_replied_at", "Last heard from", "When a person last answered", people.DateAttribute, readOnly, false},
	{people.ContactModel, "last_email_opened_at", "last_email_opened_at", "Last opened email", "When a person last opened a mail", people.DateAttribute, readOnly, false},
	{people.ContactModel, "last_email_clicked_at", "last_email_clicked_at", "Last clicked on link in email", "When a person last followed a link in a mail", people.DateAttribute, readOnly, false},
	{people.ContactModel, "unsubscribed_from_emails", "unsubscribed_from_emails", "Unsubscribed from emails", "Whether a person wants no mail", people.BooleanAttribute, writable, false},
	{people.ContactModel, "marked_email_as_spam", "marked_email_as_spam", "Marked email as spam", "Whether a person called a mail spam", people.BooleanAttribute, readOnly, false},
	{people.ContactModel, "has_hard_bounced", "has_hard_bounced", "Has hard bounced", "Whether the email address was found not to exist", people.BooleanAttribute, readOnly, false},
	{people.ContactModel, "language_override", "language_override", "Language override", "The language in which a person is to be addressed", people.StringAttribute, writable, false},
	{people.ContactModel, "browser", "browser", "Browser", "The browser that a person uses", people.StringAttribute, readOnly, false},
	{people.ContactModel, "browser_language", "browser_language", "Browser language", "The language that the browser asks for", people.StringAttribute, readOnly, false},
	{people.ContactModel, "os", "os", "OS", "The system that a person's device runs", people.StringAttribute, readOnly, false},
	{people.ContactModel, "country", "location.country", "Country", "The country where a person was last seen", people.StringAttribute, readOnly, false},
	{people.ContactModel, "region", "location.region", "Region", "The region where a person was last seen", people.StringAttribute, readOnly, false},
	{people.ContactModel, "city", "location.city", "City", "The city where a person was last seen", people.StringAttribute, readOnly, false},
	{people.ContactModel, "ios_app_name", "ios_app_name", "iOS app name", "The app on a person's iOS device", people.StringAttribute, readOnly, false},
	{people.ContactModel, "ios_app_version", "ios_app_version", "iOS app version", "The version of that app", people.StringAttribute, readOnly, false},
	{people.ContactModel, "ios_device", "ios_device", "iOS device", "The model of the iOS device", people.StringAttribute, readOnly, false},
	{people.ContactModel, "ios_os_version", "ios_os_version", "iOS version", "The version of iOS", people.StringAttribute, readOnly, false},
	{people.ContactModel, "ios_sdk_version", "ios_sdk_version", "iOS SDK version", "The version of the SDK in the iOS app", people.StringAttribute, readOnly, false},
	{people.ContactModel, "ios_last_seen_at", "ios_last_seen_at", "Last seen on iOS", "When the iOS app was last used", people.DateAttribute, readOnly, false},
	{people.ContactModel, "android_app_name", "android_app_name", "Android app name", "The app on a person's Android device", people.StringAttribute, readOnly, false},
	{people.ContactModel, "android_app_version", "android_app_version", "Android app version", "The version of that app", people.StringAttribute, readOnly, false},
	{people.ContactModel, "android_device", "android_device", "Android device", "The model of the Android device", people.StringAttribute, readOnly, false},
	{people.ContactModel, "android_sdk_version", "android_sdk_version", "Android SDK version", "The version of the SDK in the Android app", people.StringAttribute, readOnly, false},
	{people.ContactModel, "android_last_seen_at", "android_last_seen_at", "Last seen on Android", "When the Android app was last used", people.DateAttribute, readOnly, false},
	{people.ContactModel, "id", "id", "ID", "The id that this server gave", people.StringAttribute, readOnly, true},
	{people.ContactModel, "created_at", "created_at", "Created at", "When the record was made", people.DateAttribute, readOnly, true},
	{people.ContactModel, "updated_at", "updated_at", "Updated at", "When the record was last changed", people.DateAttribute, readOnly, true},

	{people.CompanyModel, "name", "name", "Company name", "What a company is called", people.StringAttribute, writable, false},
	{people.CompanyModel, "company_id", "company_id", "Company ID", "The id that a company has in your own database", people.StringAttribute, readOnly, false},
	{people.CompanyModel, "last_request_at", "last_request_at", "Company last seen", "When somebody of a company was last on a page", people.DateAttribute, readOnly, false},
	{people.CompanyModel, "remote_created_at", "remote_created_at", "Company created at", "When your own database got the company", people.DateAttribute, writable, false},
	{people.CompanyModel, "user_count", "user_count", "People", "How many people a company has", people.IntegerAttribute, readOnly, false},
	{people.CompanyModel, "session_count", "session_count", "Company web sessions", "How many visits the people of a company made", people.IntegerAttribute, readOnly, false},
	{people.CompanyModel, "name", "plan.name", "Plan", "What the company's plan is called", people.StringAttribute, readOnly, false},
	{people.CompanyModel, "monthly_spend", "monthly_spend", "Monthly Spend", "What a company pays in a month", people.FloatAttribute, writable, false},
	{people.CompanyModel, "size", "size", "Company size", "How many employees a company has", people.IntegerAttribute, writable, false},
	{people.CompanyModel, "industry", "industry", "Company industry", "What a company's trade is", people.StringAttribute, writable, false},
	{people.CompanyModel, "website", "website", "Company website", "Where a company is found on the web", people.StringAttribute, writable, false},
	{people.CompanyModel, "id", "id", "ID", "The id that this server gave", people.StringAttribute, readOnly, true},
	{people.CompanyModel, "created_at", "created_at", "Created at", "When the record was made", people.DateAttribute, readOnly, true},
	{people.CompanyModel, "updated_at", "updated_at", "Updated at", "When the record was last changed", people.DateAttribute, readOnly, true},
	{people.CompanyModel, "id", "plan.id", "Plan ID", "The id of the company's plan", people.StringAttribute, readOnly, true},
	{people.CompanyModel, "app_id", "app_id", "App ID", "The workspace that a company belongs to", people.StringAttribute, readOnly, true},
}

// item writes the attribute as the next element of a list.
func (a *standardAttribute) item(o *jsonio.Writer) {
	o.Item()
	o.Text("type", "data_attribute")
	o.Text("name", a.name)
	o.Text("full_name", a.fullName)
	o.Text("label", a.label)
	o.Text("description", a.about)
	o.Text("data_type", string(a.kind))
	o.Bool("api_writable", a.apiWritable)
	o.Bool("ui_writable", false)
	o.Bool("messenger_writable", true)
	o.Bool("custom", false)
	o.Bool("archived", false)
	o.Text("model", string(a.model))
	o.Close()
}
