import { config } from './config.js';

const names = ['token|code|password|passwd|pwd|secret|key|session|sid|auth|jwt|otp|sig|signature'].concat(config.secrets || []);
const secrets = new RegExp(`([?&#](?:[\\w-]+[_-])?(?:${names.join('|')})(?:[_-]?id)?=)[^&#]*`, 'gi');
const userInfo = /^([a-z][\w+.-]*:\/\/)[^/?#]*@/i;

// An address as it may leave the page: without credentials, without the values that are likely to be secrets.
export const withoutSecrets = (url) => url.replace(userInfo, '$1').replace(secrets, '$1').slice(0, 2048);
