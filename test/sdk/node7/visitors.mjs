import { Intercom, IntercomClient, IntercomError } from "intercom-client";
import { tell } from "../node6and7/visitors.mjs";

await tell({ Intercom, IntercomClient, IntercomError }, "2.14");
