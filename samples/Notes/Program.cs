// A notes application with replication built in.
//   notes DIR add "some text"     notes DIR list     notes DIR invite ADDRESS     notes DIR join TICKET
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Transport;

if (args is not [var directory, var command, ..] || (args.Length < 3 && command != "list"))
{
    Console.Error.WriteLine("notes DIR add TEXT | list | invite tcp://HOST:PORT | join TICKET");
    return 2;
}

await using var home = await ReplicaHome.OpenOrCreateAsync(new HomeOptions { Directory = directory, Holder = "notes" });
if (command == "join")
{
    await home.JoinSpaceAsync("notes", args[2]);
}

var space = home.SpaceNames.Contains("notes") ? home.GetSpace("notes") : await home.CreateSpaceAsync("notes");
switch (command)
{
    case "add":
        await space.WriteAsync([new Mutation.PutNode($"note/{Guid.NewGuid()}", "note", [new("text", Value.From(args[2]))])]);
        break;
    case "invite":
        await home.ListenAsync(PeerAddress.Parse(args[2]));
        Console.WriteLine((await space.InviteAsync(new InviteOptions())).Ticket);
        Console.WriteLine("Serving; Enter ends.");
        Console.ReadLine();
        break;
    case "join":
        Console.WriteLine("Joining; Enter ends.");
        Console.ReadLine();
        break;
}

await foreach (var note in space.ListNodesAsync(new NodeFilter { Type = "note" }))
{
    Console.WriteLine(note.Fields[0].Value.AsString());
}

return 0;
