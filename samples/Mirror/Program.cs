using Replica.Peer.Host;
using Replica.Samples.Mirror;
using Replica.Web.Hosting;

if (args is not [var directory, var file, ..])
{
    Console.Error.WriteLine("mirror DIR FILE.db");
    return 2;
}

var builder = Host.CreateApplicationBuilder(args[2..]);
builder.Services.AddReplica(directory, new SpaceOptions { IsCreatedIfMissing = true });
builder.Services.AddHostedService(services => new MirrorWorker(services.GetRequiredService<HostedSpace>(), new MirrorTable(file)));
await builder.Build().RunAsync();
return 0;
