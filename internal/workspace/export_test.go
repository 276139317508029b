package workspace

// TimezoneTable is what [Timezone] goes by.
var TimezoneTable = timezoneTable
