// The network of the large profile: a subnet through which the site goes out, one in which database, vault and storage have private
// addresses, and the names that lead to those. Not compiled, see ../azure.bicep.

param location string
param name string
param siteSubnetName string
param databaseId string
param vaultId string
param storageId string

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.60.0.0/24'
      ]
    }
    subnets: [
      {
        name: siteSubnetName
        properties: {
          addressPrefix: '10.60.0.0/26'
          delegations: [
            {
              name: 'site'
              properties: {
                serviceName: 'Microsoft.Web/serverFarms'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.60.0.64/26'
        }
      }
    ]
  }
}

var targets = [
  {
    name: 'database'
    id: databaseId
    group: 'postgresqlServer'
    zone: 'privatelink.postgres.database.azure.com'
  }
  {
    name: 'vault'
    id: vaultId
    group: 'vault'
    zone: 'privatelink.vaultcore.azure.net'
  }
  {
    name: 'storage'
    id: storageId
    group: 'blob'
    zone: 'privatelink.blob.${environment().suffixes.storage}'
  }
]

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for target in targets: {
    name: target.zone
    location: 'global'
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (target, index) in targets: {
    parent: zones[index]
    name: 'to-${name}'
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

// One at a time: two changes to one subnet are refused.
@batchSize(1)
resource endpoints 'Microsoft.Network/privateEndpoints@2024-07-01' = [
  for (target, index) in targets: {
    name: 'pe-${target.name}-${name}'
    location: location
    properties: {
      subnet: {
        id: '${network.id}/subnets/endpoints'
      }
      privateLinkServiceConnections: [
        {
          name: target.name
          properties: {
            privateLinkServiceId: target.id
            groupIds: [
              target.group
            ]
          }
        }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = [
  for (target, index) in targets: {
    parent: endpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.name
          properties: {
            privateDnsZoneId: zones[index].id
          }
        }
      ]
    }
  }
]
