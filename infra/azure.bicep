// Waymark for one trust, small profile: one App Service instance, one user-assigned managed identity for everything, the
// bot's registration in the trust's tenant, PostgreSQL with Entra sign-in and no password, and a vault for the one secret.
//
// Not compiled: no Bicep compiler was at hand where this was written. Its syntax is checked by tree-sitter and its names
// are compared with src/config/settings.ts and env/ by test/repo/tenant.test.ts; types, API versions and a deployment are
// not. Run `az bicep build --file infra/azure.bicep` and a what-if before the first deployment.

targetScope = 'resourceGroup'

@description('Makes the names unique: 3 to 12 lower-case letters and digits, for example tideway01.')
@minLength(3)
@maxLength(12)
param resourceSuffix string

@description('The trust\'s tenant. Inbound messages of any other are refused.')
param tenantId string = subscription().tenantId

param location string = resourceGroup().location

@description('App Service plan. B1 is enough for one trust; a second instance needs nothing but a larger number.')
param planSku string = 'B1'

@minValue(1)
@maxValue(4)
param instances int = 1

param databaseSku string = 'Standard_B1ms'

@allowed([
  'Burstable'
  'GeneralPurpose'
])
param databaseTier string = 'Burstable'

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

@description('Name of the vault\'s certificate for which Graph encrypts what it tells; empty: it tells without the words.')
param notificationCertificate string = ''

var siteName = 'waymark-${resourceSuffix}'
var botDomain = '${siteName}.azurewebsites.net'
var pseudonymKeySecret = 'pseudonym-key'

// One identity signs in to the bot service, to Graph, to the database and to the vault. Its client id is the bot's id.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-waymark-${resourceSuffix}'
  location: location
}

resource plan 'Microsoft.Web/serverfarms@2023-12-01' = {
  name: 'plan-waymark-${resourceSuffix}'
  location: location
  kind: 'linux'
  sku: {
    name: planSku
    capacity: instances
  }
  properties: {
    reserved: true
  }
}

resource site 'Microsoft.Web/sites@2023-12-01' = {
  name: siteName
  location: location
  kind: 'app,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identity.id
    siteConfig: {
      linuxFxVersion: 'NODE|24-lts'
      appCommandLine: 'npm start'
      healthCheckPath: '/healthz'
      // The schedules run in the process, so it must not be put to sleep.
      alwaysOn: true
      ftpsState: 'Disabled'
      minTlsVersion: '1.2'
      http20Enabled: true
      appSettings: [
        {
          name: 'APP_ENV'
          value: 'production'
        }
        {
          name: 'BOT_ID'
          value: identity.properties.clientId
        }
        {
          name: 'BOT_TENANT_ID'
          value: tenantId
        }
        {
          name: 'BOT_TYPE'
          value: 'UserAssignedMsi'
        }
        {
          name: 'DATABASE_URL'
          value: 'postgres://${identity.name}@${database.outputs.host}:5432/waymark?sslmode=verify-full'
        }
        {
          name: 'DATABASE_SIGN_IN'
          value: 'entra'
        }
        {
          name: 'PSEUDONYM_KEY'
          value: '@Microsoft.KeyVault(VaultName=${vault.name};SecretName=${pseudonymKeySecret})'
        }
        {
          name: 'TRUST_FILE'
          value: trustFile
        }
        {
          name: 'CONTENT_DIR'
          value: contentDir
        }
        {
          name: 'AZURE_OPENAI_ENDPOINT'
          value: openAiEndpoint
        }
        {
          name: 'AZURE_OPENAI_DEPLOYMENT'
          value: openAiDeployment
        }
        {
          name: 'AZURE_OPENAI_EMBEDDINGS_DEPLOYMENT'
          value: openAiEmbeddingsDeployment
        }
        {
          name: 'CHANNELS'
          value: channels
        }
        {
          name: 'NOTIFICATION_URL'
          value: channels == 'on' ? 'https://${botDomain}/api/graph/notifications' : ''
        }
        {
          name: 'NOTIFICATION_CERTIFICATE'
          value: empty(notificationCertificate) ? '' : '@Microsoft.KeyVault(VaultName=${vault.name};SecretName=${notificationCertificate})'
        }
        {
          name: 'BEHIND_FRONT_END'
          value: 'yes'
        }
        {
          name: 'LOG_LEVEL'
          value: 'info'
        }
        {
          // App Service installs the pinned dependencies from package-lock.json on deployment.
          name: 'SCM_DO_BUILD_DURING_DEPLOYMENT'
          value: 'true'
        }
      ]
    }
  }
}

// A module, because the administrator's name must be known when its deployment starts, and an identity's object id is not.
module database 'database.bicep' = {
  name: 'waymark-database'
  params: {
    location: location
    name: 'psql-waymark-${resourceSuffix}'
    skuName: databaseSku
    skuTier: databaseTier
    tenantId: tenantId
    administratorName: identity.name
    administratorObjectId: identity.properties.principalId
  }
}

// The secret itself is made once by a person (docs/OPERATIONS.md): a template that made it would make another at each
// deployment, and every pupil's pseudonym would change with it.
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-waymark-${resourceSuffix}'
  location: location
  properties: {
    tenantId: tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
  }
}

// Key Vault Secrets User, a built-in role: may read secrets, nothing else.
var secretsUserRole = '4633458b-17de-408a-b874-0445c86b69e6'

resource vaultAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, secretsUserRole)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUserRole)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
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

// Named like the names in env/: the Agents Toolkit writes them there.
output BOT_ID string = identity.properties.clientId
output BOT_TENANT_ID string = tenantId
output BOT_DOMAIN string = botDomain
output BOT_ENDPOINT string = 'https://${botDomain}/api/messages'
output BOT_AZURE_APP_SERVICE_RESOURCE_ID string = site.id
output DATABASE_HOST string = database.outputs.host
output KEY_VAULT_NAME string = vault.name
output IDENTITY_PRINCIPAL_ID string = identity.properties.principalId
