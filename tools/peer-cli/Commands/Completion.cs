using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text.Json;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Commands;

/// <summary>What may stand next on a command line.</summary>
internal static class Completion
{
    /// <summary>The most ids that are offered.</summary>
    private const int IdsMax = 64;

    private static readonly ParserConfiguration s_parser = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>The words that may stand in place of the last one.</summary>
    /// <param name="root">All commands.</param>
    /// <param name="globals">The options that stand on each.</param>
    /// <param name="words">The words behind <c>replica</c>; the last one is not finished and may be empty.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<string>> OfAsync(
        RootCommand root, Globals globals, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        var last = words.Count > 0 ? words[^1] : "";
        string[] finished = [.. words.Take(words.Count - 1)];
        var parse = root.Parse(finished, s_parser);
        var command = parse.CommandResult.Command;
        var candidates = OptionThatWaits(parse, finished) is { } option
            ? await ValuesAsync(globals, parse, option.HelpName ?? option.Name, option, last, cancellationToken)
            : last.StartsWith('-')
            ? Options(command)
            : command.Subcommands.Count > 0
            ? command.Subcommands.Where(static sub => !sub.Hidden).Select(static sub => sub.Name)
            : ArgumentThatIsDue(parse) is { } argument
            ? await ValuesAsync(globals, parse, argument.Name, argument, last, cancellationToken)
            : [];

        // A word with a blank would be several to the shell.
        return [.. candidates.Where(word => word.StartsWith(last, StringComparison.Ordinal) && !word.Any(char.IsWhiteSpace))
            .Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Options(Command command) => command.Options
        .Concat(Above(command).SelectMany(static above => above.Options.Where(static option => option.Recursive)))
        .Where(static option => !option.Hidden && option is not VersionOption)
        .Select(static option => option is HelpOption ? "--help" : option.Name);

    private static IEnumerable<Command> Above(Command command)
    {
        for (var above = command.Parents.OfType<Command>().FirstOrDefault(); above is not null; above = above.Parents.OfType<Command>().FirstOrDefault())
        {
            yield return above;
        }
    }

    /// <summary>The option that is written last and has no value yet.</summary>
    private static Option? OptionThatWaits(ParseResult parse, string[] finished) => finished.Length == 0
        ? null
        : parse.CommandResult.Children.Concat(parse.RootCommandResult.Children).OfType<OptionResult>()
            .FirstOrDefault(result => !result.Implicit && result.Tokens.Count == 0 && result.Option.Arity.MaximumNumberOfValues > 0
                && result.Option.ValueType != typeof(bool) && result.IdentifierToken?.Value == finished[^1])?.Option;

    /// <summary>The first argument that can take one more word.</summary>
    private static Argument? ArgumentThatIsDue(ParseResult parse) => parse.CommandResult.Command.Arguments.FirstOrDefault(argument =>
        (parse.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MaximumNumberOfValues);

    private static async Task<IEnumerable<string>> ValuesAsync(
        Globals globals, ParseResult parse, string name, Symbol symbol, string last, CancellationToken cancellationToken)
    {
        // The option may be the one that still waits for its value.
        var space = parse.GetResult(globals.Space) is { Tokens: [{ Value: { Length: > 0 } named }] } ? named : "main";
        return name switch
        {
            "ID" or "FROM" or "TO" or "PARENT" or "SIBLING" => await AskAsync(
                globals, parse, Paths.Of(space, "nodes", ("prefix", last), ("limit", $"{IdsMax}")), "node", cancellationToken),
            "DEVICE" => await AskAsync(globals, parse, Paths.Of(space, "members"), "device", cancellationToken),
            "SPACE" => await SpacesAsync(globals, parse, cancellationToken),
            "NAME" when symbol == globals.Space => await SpacesAsync(globals, parse, cancellationToken),
            _ => symbol.GetCompletions(CompletionContext.Empty).Select(static item => item.Label),
        };
    }

    private static async Task<IEnumerable<string>> AskAsync(
        Globals globals, ParseResult parse, string path, string name, CancellationToken cancellationToken)
    {
        await using var home = await globals.OpenAsync(parse, cancellationToken);
        var found = new List<string>();
        await foreach (var line in home.Client.LinesAsync(path, cancellationToken))
        {
            using var document = JsonDocument.Parse(line);
            found.Add(Answer.Text(document.RootElement, name));
        }

        return found;
    }

    private static async Task<IEnumerable<string>> SpacesAsync(Globals globals, ParseResult parse, CancellationToken cancellationToken)
    {
        await using var home = await globals.OpenAsync(parse, cancellationToken);
        using var document = JsonDocument.Parse(await home.Client.GetAsync("/v1/spaces", cancellationToken));
        return [.. Answer.Items(document.RootElement, "spaces").Select(static space => space.GetString() ?? "")];
    }
}
