using System.CommandLine;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>tree [ID]</c>: shows the tree, or what hangs where nothing shows.</summary>
internal static class TreeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var id = new Argument<string?>("ID") { Description = "Only what is under this node", Arity = ArgumentArity.ZeroOrOne };
        var depth = Globals.Count("--depth", "Only so many levels");
        var orphans = new Option<bool>("--orphans") { Description = "What is placed under a node that does not exist or is placed nowhere" };
        var skipped = new Option<bool>("--skipped") { Description = "Moves that lost because they would have put a node under itself" };
        var command = new Command("tree", "Show the tree") { id, depth, orphans, skipped };
        command.SetAction((parse, cancellationToken) =>
        {
            var space = globals.SpaceOf(parse);
            var root = parse.GetValue(id);
            var levels = parse.GetValue(depth);
            var (what, show) = (parse.GetValue(orphans), parse.GetValue(skipped)) switch
            {
                (false, false) => ("tree", (Func<string, string>)TreeText.Place),
                (true, false) => ("orphans", TreeText.Orphan),
                (false, true) => ("skipped-moves", TreeText.Skipped),
                _ => throw new UsageException("--orphans and --skipped are two lists: ask for one of them."),
            };
            if (what != "tree" && (root is not null || levels is not null))
            {
                throw new UsageException($"--{what.Split('-')[0]} lists all of them: leave out ID and --depth.");
            }

            var path = Paths.Of(space, what, ("root", root), ("depth", levels?.ToString()));
            return Lists.ShowAsync(globals, parse, path, json => [show(json)], cancellationToken);
        });
        return command;
    }
}
