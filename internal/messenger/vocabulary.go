package messenger

import "strings"

// meaning is what a name means in the settings of a person or a company.
type meaning int

const (
	// custom is the meaning of every name that is not in a vocabulary: a custom attribute.
	custom meaning = iota
	// known names are read.
	known
	// technical names configure Intercom's messenger, come from wrappers, or are credentials. They say nothing of anybody.
	technical
	// reserved names mean something in Intercom's API that a page cannot say. They are never custom attributes.
	reserved
)

// vocabulary is the names with a meaning, of persons or of companies.
type vocabulary map[string]meaning

// personWords are Intercom's names for what persons are and have: in its JavaScript API, and in its REST API for
// contacts, visitors, users and leads of every version.
var personWords = words(map[meaning]string{
	known: `
		anonymous_id user_id email created_at signed_up_at remote_created_at name phone unsubscribed_from_emails
		language_override avatar company companies custom_attributes supplied_email`,
	technical: `
		app_id appId api_base apiBase region alignment custom_launcher_selector hide_default_launcher hide_notifications
		horizontal_padding vertical_padding z_index session_duration action_color background_color link_color theme_mode
		messenger_style_id installation_type installation_version widget widgetUrl auth_tokens updateOnRouterChange autoBoot
		page_title cookie_consent email_form last_request_at last_requested_at update_last_request_at new_session
		user_hash intercom_user_jwt`,
	reserved: `
		id type role external_id workspace_id anonymous pseudonym has_hard_bounced marked_email_as_spam
		unsubscribed_from_sms sms_consent updated_at last_seen_at last_replied_at last_contacted_at
		last_email_opened_at last_email_clicked_at last_seen_ip last_seen_user_agent user_agent_data browser
		browser_version browser_language os location location_data referrer session_count do_not_track tags segments notes
		social_profiles owner_id opted_in_subscription_types opted_out_subscription_types formatted_phone merge_history
		enabled_push_messaging utm_campaign utm_content utm_medium utm_source utm_term
		android_app_name android_app_version android_device android_os_version android_sdk_version android_last_seen_at
		ios_app_name ios_app_version ios_device ios_os_version ios_sdk_version ios_last_seen_at`,
})

// companyWords are its names for what companies are and have.
var companyWords = words(map[meaning]string{
	known: `
		id company_id name created_at remote_created_at plan monthly_spend size website industry remove custom_attributes`,
	reserved: `
		type app_id workspace_id user_count session_count last_request_at updated_at tags segments notes`,
})

func words(lists map[meaning]string) vocabulary {
	all := vocabulary{}
	for m, list := range lists {
		for word := range strings.FieldsSeq(list) {
			all[word] = m
		}
	}
	return all
}
