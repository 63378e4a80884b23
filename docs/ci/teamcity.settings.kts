// .teamcity/settings.kts: see docs/ci/README.md of confluence-changelog.
// To set, in Parameters of the project: a password "confluence.token". Only the build Publish names it, and it
// builds the default branch alone.
import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.buildFeatures.PullRequests
import jetbrains.buildServer.configs.kotlin.buildFeatures.pullRequests
import jetbrains.buildServer.configs.kotlin.buildSteps.script
import jetbrains.buildServer.configs.kotlin.triggers.schedule
import jetbrains.buildServer.configs.kotlin.triggers.vcs

version = "2024.03"

project {
    params {
        param("env.CONFLUENCE_CHANGELOG", "git+https://git.example.com/tools/confluence-changelog@v0.1.0") // where you keep it
        param("teamcity.git.fetchAllHeads", "true")
    }
    buildType(Check)
    buildType(Publish)
}

object Check : BuildType({
    name = "Check that commits say what and why"
    vcs {
        root(DslContext.settingsRoot)
        checkoutMode = CheckoutMode.ON_AGENT
        branchFilter = "+:pull/*"
    }
    params {
        param("env.TEAMCITY_PULLREQUEST_TARGET_BRANCH", "%teamcity.pullRequest.target.branch%")
        param("env.TEAMCITY_PULLREQUEST_TITLE", "%teamcity.pullRequest.title%")
    }
    steps {
        script {
            scriptContent = """
                python3 -m venv .confluence-changelog
                . .confluence-changelog/bin/activate
                pip install --quiet "${'$'}CONFLUENCE_CHANGELOG"
                confluence-changelog check
            """.trimIndent()
        }
    }
    triggers { vcs { branchFilter = "+:pull/*" } }
    features {
        pullRequests { // for other servers: gitlab, bitbucketServer, bitbucketCloud, azureDevOps
            vcsRootExtId = "${DslContext.settingsRoot.id}"
            provider = github {
                authType = vcsRoot()
                filterAuthorRole = PullRequests.GitHubRoleFilter.MEMBER_OR_COLLABORATOR
            }
        }
    }
})

object Publish : BuildType({
    name = "Publish the change log"
    vcs {
        root(DslContext.settingsRoot)
        checkoutMode = CheckoutMode.ON_AGENT
        branchFilter = "+:<default>"
    }
    params {
        param("env.CONFLUENCE_URL", "https://wiki.example.com") // yours
        param("env.CONFLUENCE_PAGE", "65538")
        param("env.CONFLUENCE_TOKEN", "%confluence.token%")
    }
    steps {
        script {
            scriptContent = """
                python3 -m venv .confluence-changelog
                . .confluence-changelog/bin/activate
                pip install --quiet "${'$'}CONFLUENCE_CHANGELOG"
                confluence-changelog publish
            """.trimIndent()
        }
    }
    triggers {
        vcs { branchFilter = "+:<default>" }
        schedule { // publishes what earlier runs could not
            schedulingPolicy = weekly { hour = 4 }
            branchFilter = "+:<default>"
            triggerBuild = always()
        }
    }
})
