// What the service reads at its start, by the names of src/config/settings-table.ts (test/repo/tenant.test.ts compares). No value is a
// secret: those are references to the vault. Not compiled, see ../azure.bicep.

param identityClientId string
param identityName string
param tenantId string
param databaseHost string
param vaultName string
param botDomain string
param trustFile string
param contentDir string
param openAiEndpoint string
param openAiDeployment string
param openAiEmbeddingsDeployment string
param channels string
param installAppId string
param notificationCertificate string
param pupilNames string

@description('Objects of name and value.')
param furtherSettings array

var reference = '@Microsoft.KeyVault(VaultName=${vaultName};SecretName='
var noticeAddress = 'https://${botDomain}/api/graph/notifications'

var appSettings = [
  { name: 'APP_ENV', value: 'production' }
  { name: 'BOT_ID', value: identityClientId }
  { name: 'BOT_TENANT_ID', value: tenantId }
  { name: 'BOT_TYPE', value: 'UserAssignedMsi' }
  { name: 'DATABASE_URL', value: 'postgres://${identityName}@${databaseHost}:5432/waymark?sslmode=verify-full' }
  { name: 'DATABASE_SIGN_IN', value: 'entra' }
  { name: 'PSEUDONYM_KEY', value: '${reference}pseudonym-key)' }
  { name: 'PUPIL_KEY', value: pupilNames == 'on' ? '${reference}pupil-key)' : '' }
  { name: 'TRUST_FILE', value: trustFile }
  { name: 'CONTENT_DIR', value: contentDir }
  { name: 'AZURE_OPENAI_ENDPOINT', value: openAiEndpoint }
  { name: 'AZURE_OPENAI_DEPLOYMENT', value: openAiDeployment }
  { name: 'AZURE_OPENAI_EMBEDDINGS_DEPLOYMENT', value: openAiEmbeddingsDeployment }
  { name: 'CHANNELS', value: channels }
  { name: 'APP_INSTALL', value: empty(installAppId) ? 'off' : 'on' }
  { name: 'TEAMS_APP_ID', value: installAppId }
  { name: 'NOTIFICATION_URL', value: channels == 'on' ? noticeAddress : '' }
  { name: 'NOTIFICATION_CERTIFICATE', value: empty(notificationCertificate) ? '' : '${reference}${notificationCertificate})' }
  { name: 'BEHIND_FRONT_END', value: 'yes' }
  // App Service's own. It installs the pinned dependencies from package-lock.json on deployment.
  { name: 'SCM_DO_BUILD_DURING_DEPLOYMENT', value: 'true' }
  // The service ends within 20 s with nothing lost; without this it would be killed after 5.
  { name: 'WEBSITES_CONTAINER_STOP_TIME_LIMIT', value: '30' }
]

output appSettings array = concat(appSettings, furtherSettings)
