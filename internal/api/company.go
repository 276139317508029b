package api

import (
	"slices"

	"lobby/internal/apiversion"
	"lobby/internal/jsonio"
	"lobby/internal/people"
	"lobby/internal/wire"
	"lobby/internal/workspace"
)

// companiesPage is how many companies a page has when the request does not say.
const companiesPage = 15

func (a *API) company(c *call, company *people.Company, err error) (encoder, error) {
	if err != nil {
		return nil, err
	}
	return wire.NewCompany(company, c.version), nil
}

// companyParameters are what POST /companies takes. Older clients send the id of a company that they have read, too.
var companyParameters = []string{
	"company_id", "name", "plan", "size", "website", "industry", "custom_attributes", "remote_created_at", "monthly_spend", "id",
}

// companyUpdate reads what a request writes to a company.
func (c *call) companyUpdate(in *jsonio.Object) people.CompanyUpdate {
	update := people.CompanyUpdate{
		Name:             in.Text("name").Given(),
		Plan:             in.Text("plan").Given(),
		Size:             in.Int("size").Given(),
		Website:          in.Text("website").Given(),
		Industry:         in.Text("industry").Given(),
		MonthlySpend:     in.Truncated("monthly_spend").Given(),
		RemoteCreatedAt:  in.Time("remote_created_at").Given(),
		CustomAttributes: in.Scalars("custom_attributes"),
	}
	if c.version.AtLeast(apiversion.V2_16) {
		update.Seen = in.Bool("update_last_request_at").Or(false)
	}
	return update
}

// POST /companies
func (a *API) saveCompany(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	known := companyParameters
	if c.version.AtLeast(apiversion.V2_16) {
		known = slices.Concat(known, []string{"update_last_request_at"})
	}
	in.Only(known...)
	companyID, update := in.ID("company_id").Or(""), c.companyUpdate(in)
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case companyID == "":
		return nil, notSpecified("company_id")
	}
	company, err := a.lobby.SaveCompany(c.r.Context(), c.caller(), companyID, update)
	return a.company(c, company, err)
}

// GET /companies
func (a *API) findCompanies(c *call) (encoder, error) {
	query, err := c.query()
	if err != nil {
		return nil, err
	}
	if companyID := query.Get("company_id"); companyID != "" {
		company, err := a.lobby.FindCompanyByCompanyID(c.r.Context(), c.caller(), companyID)
		return a.company(c, company, err)
	}
	if name := query.Get("name"); name != "" {
		company, err := a.lobby.FindCompanyByName(c.r.Context(), c.caller(), name)
		return a.company(c, company, err)
	}
	return a.companies(c, queryReader{values: query})
}

// POST /companies/list. Clients send what they want in the query or in the body.
func (a *API) listCompanies(c *call) (encoder, error) {
	values, err := c.query()
	if err != nil {
		return nil, err
	}
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"page", "per_page", "order"} {
		if value := in.ID(name).Or(""); value != "" && !values.Has(name) {
			values.Set(name, value)
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	return a.companies(c, queryReader{values: values})
}

// companies returns the page of a list that a query asks for. The next page is always found with GET /companies.
func (a *API) companies(c *call, query queryReader) (encoder, error) {
	filter := people.CompanyFilter{SegmentID: query.values.Get("segment_id"), OldestFirst: query.oldestFirst()}
	if tag := query.values.Get("tag_id"); tag != "" {
		if filter.TagID = number(tag); filter.TagID == 0 {
			filter.TagID = -1 // which no tag has
		}
	}
	page := query.page(companiesPage)
	if query.err != nil {
		return nil, query.err
	}
	all, total, err := a.lobby.Companies(c.r.Context(), c.caller(), filter, page)
	if err != nil {
		return nil, err
	}
	return wire.CompanyList{Companies: all, Pages: a.numberedAt(c, "/companies", query.values.Values, page, total), Version: c.version}, nil
}

// oldestFirst reads the order of a list.
func (q *queryReader) oldestFirst() bool {
	order := q.values.Get("order")
	if order != "" && order != "asc" && order != "desc" && q.err == nil {
		q.err = &workspace.InvalidError{Field: "order", Reason: "must be asc or desc"}
	}
	return order == "asc"
}

// GET /companies/scroll
func (a *API) scrollCompanies(c *call) (encoder, error) {
	query, err := c.query()
	if err != nil {
		return nil, err
	}
	all, next, err := a.lobby.ScrollCompanies(c.r.Context(), c.caller(), query.Get("scroll_param"))
	if err != nil {
		return nil, err
	}
	return wire.CompanyScroll{Companies: all, Param: next, Version: c.version}, nil
}

// GET /companies/{id}
func (a *API) getCompany(c *call) (encoder, error) {
	company, err := a.lobby.FindCompany(c.r.Context(), c.caller(), c.param("id"))
	return a.company(c, company, err)
}

// PUT /companies/{id}. A body has members only from 2.14 to 2.16, and what it does not know is ignored.
func (a *API) updateCompany(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	update := c.companyUpdate(in)
	if err := in.Err(); err != nil {
		return nil, err
	}
	company, err := a.lobby.UpdateCompany(c.r.Context(), c.caller(), c.param("id"), update)
	return a.company(c, company, err)
}

// DELETE /companies/{id}
func (a *API) deleteCompany(c *call) (encoder, error) {
	company, err := a.lobby.DeleteCompany(c.r.Context(), c.caller(), c.param("id"))
	if err != nil {
		return nil, err
	}
	return a.erased(c, wire.CompanyDeleted{ID: company.ID}, nil)
}

// GET /companies/{id}/contacts
func (a *API) listContactsOfCompany(c *call) (encoder, error) {
	query := c.parameters()
	perPage, after := query.perPage(), query.listCursor()
	if query.err != nil {
		return nil, query.err
	}
	page, err := a.lobby.ContactsOfCompany(c.r.Context(), c.caller(), c.param("id"), after, perPage)
	if err != nil {
		return nil, err
	}
	return wire.ContactList{Page: page, PerPage: perPage, Version: c.version}, nil
}

// GET /companies/{id}/segments
func (a *API) listSegmentsOfCompany(c *call) (encoder, error) {
	extra, err := c.counts()
	if err != nil {
		return nil, err
	}
	all, err := a.lobby.SegmentsOfCompany(c.r.Context(), c.caller(), c.param("id"), extra...)
	if err != nil {
		return nil, err
	}
	return wire.AttachedSegments(segmentList(all, false)), nil
}

// GET /contacts/{contact_id}/companies, GET /lobby/v1/visitors/{visitor_id}/companies
func (a *API) listCompaniesOf(c *call) (encoder, error) {
	query := c.parameters()
	page := query.page(defaultPage)
	if query.err != nil {
		return nil, query.err
	}
	all, total, err := a.lobby.CompaniesOf(c.r.Context(), c.caller(), c.holder(), page)
	if err != nil {
		return nil, err
	}
	return wire.CompanyList{Companies: all, Pages: a.numbered(c, page, total), Version: c.version, Named: true}, nil
}

// POST /contacts/{contact_id}/companies, POST /lobby/v1/visitors/{visitor_id}/companies
func (a *API) attachCompany(c *call) (encoder, error) {
	in, err := c.body()
	if err != nil {
		return nil, err
	}
	id := in.ID("id").Or(in.ID("company_id").Or("")) // the newest clients call it company_id
	switch err := in.Err(); {
	case err != nil:
		return nil, err
	case id == "":
		return nil, notSpecified("company")
	}
	company, err := a.lobby.AttachCompany(c.r.Context(), c.caller(), c.holder(), id)
	return a.company(c, company, err)
}

// DELETE /contacts/{contact_id}/companies/{id}, DELETE /lobby/v1/visitors/{visitor_id}/companies/{id}
func (a *API) detachCompany(c *call) (encoder, error) {
	company, err := a.lobby.DetachCompany(c.r.Context(), c.caller(), c.holder(), c.param("id"))
	return a.company(c, company, err)
}
