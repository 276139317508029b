import intercom from "intercom-client"; // Node does not see the package's Client among its names
import { tell } from "../node3to5/people.mjs";

await tell(intercom);
