package cli

import (
	"github.com/spf13/cobra"

	"viesti/config"
)

func (p *program) questionnaire() *cobra.Command {
	group := &cobra.Command{Use: "questionnaire", Short: p.t("cli.short.questionnaire", nil), Args: cobra.NoArgs, RunE: helpOnly}
	group.AddCommand(p.importForm(), p.exportForm(), p.checkForm(), p.previewCommand(), p.printCommand())
	return group
}

// questionnaireName is the folder that was named, else what the configuration names: an author may
// not have one yet, or one that has still to be mended.
func (p *program) questionnaireName(args []string) string {
	if len(args) > 0 {
		return args[0]
	}
	c, _ := config.Load(p.configPath, p.Lookup) // what is wrong with it is told by check
	if c.Dir == "" {
		return config.Defaults().Survey.Questionnaire
	}
	return c.QuestionnaireName()
}
