// What the month was meant to cost: somebody is told before it costs more. It stops nothing. Not compiled, see ../azure.bicep.

@description('Added to the name.')
param suffix string
param alertEmail string

@description('In the currency that the subscription is billed in.')
param monthlyBudget int

@description('First day of the month of the first deployment, such as 2026-12-01. Azure refuses to change it later.')
param budgetStart string

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: 'budget-waymark-${suffix}'
  properties: {
    category: 'Cost'
    amount: monthlyBudget
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: budgetStart
    }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: [
          alertEmail
        ]
      }
      foreseen: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: [
          alertEmail
        ]
      }
    }
  }
}
