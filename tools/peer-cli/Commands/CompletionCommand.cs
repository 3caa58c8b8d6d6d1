using System.CommandLine;
using Replica.Peer.Host;

namespace Replica.PeerCli.Commands;

/// <summary><c>completion SHELL</c>: the script that lets a shell complete command lines; and the hidden command that the script asks.</summary>
internal static class CompletionCommand
{
    private const string Asked = "complete-words";

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        _ = shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the script that lets a shell complete commands, options, spaces and ids") { shell };
        command.SetAction(parse =>
        {
            var script = parse.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish };
            if (globals.IsJson(parse))
            {
                globals.Terminal.Line($"{{\"script\":\"{System.Text.Json.JsonEncodedText.Encode(script)}\"}}");
            }
            else
            {
                globals.Terminal.Line(script.TrimEnd());
            }
        });
        return command;
    }

    /// <summary>Makes the command that scripts ask: one candidate a line, nothing at all where something is wrong.</summary>
    public static Command CreateAsked(Globals globals, RootCommand root)
    {
        var words = new Argument<string[]>("WORD") { Description = "The words so far, behind --", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(Asked, "Print what may stand next") { words };
        command.Hidden = true;
        command.SetAction(async (parse, cancellationToken) =>
        {
            try
            {
                foreach (var candidate in await Completion.OfAsync(root, globals, parse.GetValue(words) ?? [], cancellationToken))
                {
                    globals.Terminal.Line(candidate);
                }
            }
            catch (Exception fault) when (fault is ReplicaException or UsageException or IOException or HttpRequestException
                or UnauthorizedAccessException or InvalidOperationException)
            {
                // The line makes no sense so far, there is no home yet, or it does not answer: the shell then completes files.
            }
        });
        return command;
    }

    private const string Bash = """
        # In ~/.bashrc:  eval "$(replica completion bash)"
        _replica() {
            local IFS=$'\n' line=${COMP_LINE:0:COMP_POINT} words
            # Split at blanks only: an address or an id may hold colons and equals signs.
            IFS=$' \t\n' read -r -a words <<< "$line"
            [[ $line == *[[:blank:]] ]] && words+=("")
            local last=${words[-1]} cut=""
            COMPREPLY=($(replica complete-words -- "${words[@]:1}" 2>/dev/null))
            # The shell replaces what stands behind the last colon or equals sign alone.
            [[ $last == *[:=]* && ${COMP_WORDBREAKS} == *:* ]] && cut=${last%"${last##*[:=]}"}
            COMPREPLY=("${COMPREPLY[@]#"$cut"}")
        }
        complete -o default -F _replica replica
        """;

    private const string Zsh = """
        #compdef replica
        # In ~/.zshrc, behind compinit:  eval "$(replica completion zsh)"
        _replica() {
            local -a found
            found=("${(@f)$(replica complete-words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            if [[ -n "${found[*]}" ]]; then compadd -a found; else _files; fi
        }
        compdef _replica replica
        """;

    private const string Fish = """
        # In ~/.config/fish/config.fish:  replica completion fish | source
        function __replica_words
            set -l words (commandline -opc) (commandline -ct)
            set -l found (replica complete-words -- $words[2..-1] 2>/dev/null)
            # Files only where nothing else fits.
            if set -q found[1]; printf '%s\n' $found; else; __fish_complete_path (commandline -ct); end
        end
        complete -c replica -f -a '(__replica_words)'
        """;
}
