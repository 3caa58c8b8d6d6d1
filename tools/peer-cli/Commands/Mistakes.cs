using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Replica.PeerCli.Commands;

/// <summary>Turns what the parser can't make sense of into one line that says what was probably meant.</summary>
internal static class Mistakes
{
    private const int DistanceMax = 3;

    /// <summary>Checks a parsed command line.</summary>
    /// <exception cref="UsageException">Something in it is wrong.</exception>
    public static void Check(ParseResult parse)
    {
        if (AsksForHelp(parse.CommandResult) || AsksForHelp(parse.RootCommandResult))
        {
            return;
        }

        var command = parse.CommandResult.Command;
        if (command.Subcommands.Count > 0)
        {
            var word = parse.UnmatchedTokens.Count > 0 ? parse.UnmatchedTokens[0] : null;
            throw new UsageException(word is null
                ? $"A command is missing. '{PathOf(command)} --help' lists them: {string.Join(", ", NamesIn(command))}."
                : Unknown(word, command));
        }

        if (StrayOption(parse) is { } stray)
        {
            throw new UsageException(Unknown(stray, command));
        }

        if (parse.Errors.Count > 0)
        {
            throw new UsageException($"{parse.Errors[0].Message.TrimEnd('.')}. '{PathOf(command)} --help' shows how it is written.");
        }
    }

    /// <summary>The name nearest to a mistyped one; null if none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(word, name)))
        .Where(pair => pair.Distance <= Math.Min(DistanceMax, Math.Max(1, word.Length / 2)))
        .OrderBy(static pair => pair.Distance).ThenBy(static pair => pair.Name, StringComparer.Ordinal)
        .Select(static pair => pair.Name).FirstOrDefault();

    private static bool AsksForHelp(CommandResult command) =>
        command.Children.Any(static child => child is OptionResult { Option: HelpOption or VersionOption, Implicit: false });

    /// <summary>What looks like an option and was taken for an argument, because the command has no such option.</summary>
    private static string? StrayOption(ParseResult parse)
    {
        foreach (var token in parse.Tokens)
        {
            if (token.Type == TokenType.DoubleDash)
            {
                return null;
            }

            if (token.Type == TokenType.Argument && token.Value.StartsWith('-') && token.Value.Length > 1
                && !char.IsAsciiDigit(token.Value[1]) && !IsOptionValue(parse, token))
            {
                return token.Value;
            }
        }

        return null;
    }

    private static bool IsOptionValue(ParseResult parse, Token token) =>
        parse.CommandResult.Children.Concat(parse.RootCommandResult.Children).OfType<OptionResult>()
            .Any(option => option.Tokens.Contains(token));

    private static string Unknown(string word, Command command)
    {
        var bare = word.Split('=')[0];
        var isOption = word.StartsWith('-');
        var names = isOption
            ? command.Options.Select(static option => option.Name)
                .Concat(["--dir", "--space", "--json", "--api", "--token-file", Globals.TraceName, "--help"])
            : NamesIn(command);
        var meant = Nearest(bare, names) is { } near ? $" Did you mean '{near}'?" : "";
        var help = PathOf(command) + " --help";
        var dash = isOption && command.Arguments.Count > 0 ? " An argument that begins with a dash goes behind '--'." : "";
        return $"There is no {(isOption ? "option" : "command")} '{bare}'.{meant}{dash} '{help}' lists what there is.";
    }

    private static IEnumerable<string> NamesIn(Command command) =>
        command.Subcommands.Where(static sub => !sub.Hidden).Select(static sub => sub.Name);

    private static string PathOf(Command command) => command is RootCommand
        ? "replica"
        : $"{PathOf(command.Parents.OfType<Command>().First())} {command.Name}";

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
