// On the public pages, with a network: make this device able to check without one next time.

import { keepFresh } from "./contact.js";
import { install } from "./install.js";
import { rememberLanguage } from "./language.js";

rememberLanguage();
keepFresh();
install();
