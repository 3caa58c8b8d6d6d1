using System.CommandLine;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>log</c>: lists changes in the order in which they came to this replica.</summary>
internal static class LogCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var after = new Option<long?>("--after") { Description = "Only changes that arrived behind this one; with --newest, before it", HelpName = "N" };
        after.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && !(long.TryParse(result.Tokens[0].Value, out var number) && number >= 0))
            {
                result.AddError($"--after: '{result.Tokens[0].Value}' is not a whole number from 0.");
            }
        });
        var limit = Globals.Count("--limit", "At most so many");
        var newest = new Option<bool>("--newest") { Description = "The newest first" };
        var command = new Command("log", "List changes in order of arrival") { after, limit, newest };
        command.SetAction((parse, cancellationToken) =>
        {
            var path = Paths.Of(
                globals.SpaceOf(parse), "log", ("after", parse.GetValue(after)?.ToString()),
                ("limit", parse.GetValue(limit)?.ToString()), ("newest", parse.GetValue(newest) ? "true" : null));
            return Lists.ShowAsync(globals, parse, path, json => ChangeText.Of(json, globals.Terminal.Paint), cancellationToken);
        });
        return command;
    }
}
