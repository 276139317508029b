import { Intercom, IntercomClient, IntercomError } from "intercom-client";
import { tell } from "../node6and7/people.mjs";

await tell({ Intercom, IntercomClient, IntercomError }, "2.14");
