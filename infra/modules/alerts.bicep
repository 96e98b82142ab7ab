// What operators are told of by mail: a scheduled run failed or did not happen, or the database's disk is nearly full. Who is told of it
// when the service is not ready is in ready.bicep. Not compiled, see ../azure.bicep.

param location string

@description('Added to each name.')
param suffix string
param alertEmail string
param workspaceId string
param databaseId string

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-waymark-${suffix}'
  location: 'global'
  properties: {
    groupShortName: 'waymark'
    enabled: true
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

// The words are those of the log line; a test compares them with the code.
resource missedRuns 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: 'missed-runs-waymark-${suffix}'
  location: location
  properties: {
    displayName: 'Waymark: a scheduled run failed, was late or was missed'
    description: 'Run doctor, then deliveries report. What was missed is not sent by itself.'
    severity: 2
    enabled: true
    scopes: [
      workspaceId
    ]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    // The table comes with the first line that is sent.
    skipQueryValidation: true
    autoMitigate: false
    criteria: {
      allOf: [
        {
          query: 'AppTraces | where Message in ("a scheduled run did not happen in time", "a run failed")'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [
        people.id
      ]
    }
  }
}

resource nearlyFull 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'database-full-waymark-${suffix}'
  location: 'global'
  properties: {
    description: 'More than 80 of 100 of the database\'s disk are used. It grows by itself, and the bill with it.'
    severity: 3
    enabled: true
    scopes: [
      databaseId
    ]
    evaluationFrequency: 'PT1H'
    windowSize: 'PT1H'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'disk'
          metricName: 'storage_percent'
          operator: 'GreaterThan'
          threshold: 80
          timeAggregation: 'Average'
        }
      ]
    }
    actions: [
      {
        actionGroupId: people.id
      }
    ]
  }
}

output peopleId string = people.id
