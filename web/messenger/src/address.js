const userInfo = /^([a-z][\w+.-]*:\/\/)[^/?#]*@/i;
const secrets =
  /([?&#](?:[\w-]+[_-])?(?:token|code|password|passwd|pwd|secret|key|session|sid|auth|jwt|otp|sig|signature)(?:[_-]?id)?=)[^&#]*/gi;

// An address as it may leave the page: without credentials, without the values that are likely to be secrets.
export const withoutSecrets = (url) => url.replace(userInfo, '$1').replace(secrets, '$1').slice(0, 2048);
