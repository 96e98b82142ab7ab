// Waymark for one trust: one user-assigned managed identity for everything, the bot's registration in the trust's tenant, App
// Service, PostgreSQL with Entra sign-in and no password, a vault for the secrets, a store for dumps, logs with a cap, and mails
// when something is wrong. Two profiles: azure.parameters.json is small, azure.parameters.large.json large.
//
// Not compiled: no Bicep compiler was at hand where this was written. Its syntax is checked by tree-sitter and its names
// are compared with src/config and env/ by test/repo/tenant.test.ts; each resource was read against its published type definition
// (docs/decisions/azure.md). Run `az bicep build --file infra/azure.bicep` and a what-if before the first deployment.

targetScope = 'resourceGroup'

@description('Makes the names unique: 3 to 12 lower-case letters and digits, for example tideway01.')
@minLength(3)
@maxLength(12)
param resourceSuffix string

@description('Who is told by mail when something is wrong, or costs more than was meant.')
param alertEmail string

@description('First day of the month of the first deployment, such as 2026-12-01; the same at every later one.')
param budgetStart string

@description('The trust\'s tenant. Inbound messages of any other are refused.')
param tenantId string = subscription().tenantId
param location string = resourceGroup().location

@description('App Service plan: B sizes for the small profile, P0v3 or larger where there are slots or zones.')
param planSku string = 'B1'

@minValue(1)
@maxValue(4)
param instances int = 1

@description('A second slot for upgrades, and the way back, without a pause. Not on B sizes.')
param upgradeSlot bool = false

param databaseSku string = 'Standard_B1ms'

@allowed([
  'Burstable'
  'GeneralPurpose'
])
param databaseTier string = 'Burstable'
param databaseStorageGb int = 32

@description('For so many days the database can be put back to any moment.')
param databaseBackupDays int = 14

@description('Spreads instances, database and dumps over zones. Needs two instances, P0v3 or larger, and GeneralPurpose.')
param zoneRedundant bool = false

@description('Database, vault and dumps have private addresses only.')
param privateNetwork bool = false

@description('How much is logged in a day at most, in GB, as text.')
param logCapGb string = '0.2'

@description('Mails at 80 of 100 spent, and when more is foreseen. In the currency of the bill.')
param monthlyBudget int = 100

@description('Dumps in the store are deleted after so many days.')
param dumpDays int = 35

@description('An Entra group of the people who dump and restore, by object id and name; empty: nobody does yet.')
param operatorsGroupId string = ''
param operatorsGroupName string = ''

@description('Public IPv4 addresses from which they reach database, vault and dumps.')
param operatorAddresses array = []

@description('Where trust.yaml and the documents stand in the deployed folder.')
param trustFile string = 'trust/trust.yaml'
param contentDir string = 'trust/documents'

@description('Optional model; leave empty for extractive answers.')
param openAiEndpoint string = ''
param openAiDeployment string = ''

@description('Optional model of meaning at the same endpoint; leave empty to find by words alone.')
param openAiEmbeddingsDeployment string = ''

@description('on: replies in the threads of milestones are read (docs/OPERATIONS.md, stage 4).')
@allowed([
  'off'
  'on'
])
param channels string = 'off'

@description('The id of the app\'s manifest: with it Waymark installs itself for staff (docs/OPERATIONS.md, stage 5). Empty: it installs nothing.')
param installAppId string = ''

@description('Name of the vault\'s certificate for which Graph encrypts what it tells; empty: it tells without the words.')
param notificationCertificate string = ''

@description('on: a school shows its pupils\' names, so the vault holds a pupil-key.')
@allowed([
  'off'
  'on'
])
param pupilNames string = 'off'

@description('Settings that have a default, as objects of name and value. What stands in the portal alone is lost at the next deployment.')
param furtherSettings array = []

var siteName = 'waymark-${resourceSuffix}'
var botDomain = '${siteName}.azurewebsites.net'
var vaultName = 'kv-waymark-${resourceSuffix}'
var insightsName = 'appi-waymark-${resourceSuffix}'
var networkName = 'vnet-waymark-${resourceSuffix}'
var siteSubnetName = 'site'
var siteSubnetId = resourceId('Microsoft.Network/virtualNetworks/subnets', networkName, siteSubnetName)

// One identity signs in to the bot service, to Graph, to the database, to the vault and to the logs. Its client id is the bot's id.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-waymark-${resourceSuffix}'
  location: location
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'waymark-monitoring'
  params: {
    location: location
    workspaceName: 'log-waymark-${resourceSuffix}'
    insightsName: insightsName
    dailyCapGb: logCapGb
    writerObjectId: identity.properties.principalId
  }
}

module database 'modules/database.bicep' = {
  name: 'waymark-database'
  params: {
    location: location
    name: 'psql-waymark-${resourceSuffix}'
    skuName: databaseSku
    skuTier: databaseTier
    storageGb: databaseStorageGb
    backupDays: databaseBackupDays
    zoneRedundant: zoneRedundant
    privateNetwork: privateNetwork
    tenantId: tenantId
    administratorName: identity.name
    administratorObjectId: identity.properties.principalId
    operatorsGroupId: operatorsGroupId
    operatorsGroupName: operatorsGroupName
    operatorAddresses: operatorAddresses
  }
}

module vault 'modules/vault.bicep' = {
  name: 'waymark-vault'
  params: {
    location: location
    name: vaultName
    tenantId: tenantId
    readerObjectId: identity.properties.principalId
    privateNetwork: privateNetwork
    operatorAddresses: operatorAddresses
  }
}

module storage 'modules/storage.bicep' = {
  name: 'waymark-storage'
  params: {
    location: location
    name: 'stwaymark${resourceSuffix}'
    zoneRedundant: zoneRedundant
    privateNetwork: privateNetwork
    keepDays: dumpDays
    operatorsGroupId: operatorsGroupId
    operatorAddresses: operatorAddresses
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'waymark-network'
  params: {
    location: location
    name: networkName
    siteSubnetName: siteSubnetName
    databaseId: database.outputs.id
    vaultId: vault.outputs.id
    storageId: storage.outputs.id
  }
}

module settings 'modules/settings.bicep' = {
  name: 'waymark-settings'
  params: {
    identityClientId: identity.properties.clientId
    identityName: identity.name
    tenantId: tenantId
    databaseHost: database.outputs.host
    vaultName: vaultName
    botDomain: botDomain
    trustFile: trustFile
    contentDir: contentDir
    openAiEndpoint: openAiEndpoint
    openAiDeployment: openAiDeployment
    openAiEmbeddingsDeployment: openAiEmbeddingsDeployment
    channels: channels
    installAppId: installAppId
    notificationCertificate: notificationCertificate
    pupilNames: pupilNames
    furtherSettings: furtherSettings
  }
}

module site 'modules/site.bicep' = {
  name: 'waymark-site'
  params: {
    location: location
    planName: 'plan-waymark-${resourceSuffix}'
    siteName: siteName
    planSku: planSku
    instances: instances
    zoneRedundant: zoneRedundant
    upgradeSlot: upgradeSlot
    identityId: identity.id
    appSettings: settings.outputs.appSettings
    subnetId: privateNetwork ? siteSubnetId : ''
    insightsName: insightsName
    workspaceId: monitoring.outputs.workspaceId
  }
  dependsOn: [
    network
    vault
  ]
}

module bot 'botRegistration/azurebot.bicep' = {
  name: 'waymark-bot'
  params: {
    name: 'bot-waymark-${resourceSuffix}'
    endpoint: 'https://${botDomain}/api/messages'
    identityResourceId: identity.id
    identityClientId: identity.properties.clientId
    tenantId: tenantId
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'waymark-alerts'
  params: {
    location: location
    suffix: resourceSuffix
    alertEmail: alertEmail
    workspaceId: monitoring.outputs.workspaceId
    databaseId: database.outputs.id
  }
}

module ready 'modules/ready.bicep' = {
  name: 'waymark-ready'
  params: {
    location: location
    suffix: resourceSuffix
    address: 'https://${botDomain}/readyz'
    insightsId: monitoring.outputs.insightsId
    peopleId: alerts.outputs.peopleId
  }
}

module budget 'modules/budget.bicep' = {
  name: 'waymark-budget'
  params: {
    suffix: resourceSuffix
    alertEmail: alertEmail
    monthlyBudget: monthlyBudget
    budgetStart: budgetStart
  }
}

// Named like the names in env/: the Agents Toolkit writes them there.
output BOT_ID string = identity.properties.clientId
output BOT_TENANT_ID string = tenantId
output BOT_DOMAIN string = botDomain
output BOT_ENDPOINT string = 'https://${botDomain}/api/messages'
output BOT_AZURE_APP_SERVICE_RESOURCE_ID string = site.outputs.id
output DATABASE_HOST string = database.outputs.host
output KEY_VAULT_NAME string = vaultName
output STORAGE_NAME string = 'stwaymark${resourceSuffix}'
output IDENTITY_PRINCIPAL_ID string = identity.properties.principalId
