using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Web.Json;

namespace Replica.Web.Endpoints;

/// <summary>The endpoints of the home: its status, its spaces, its network.</summary>
internal static class HomeEndpoints
{
    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder routes, ReplicaHome home)
    {
        _ = routes.MapGet("/v1/status", async context =>
            await Answers.WriteAsync(context, await home.GetStatusAsync(context.RequestAborted), StatusJson.Write));
        _ = routes.MapGet("/v1/spaces", context => Answers.WriteAsync(context, home.SpaceNames, static (output, names) =>
        {
            var json = new CanonicalJson(output);
            json.Raw("{\"spaces\":"u8);
            ValueJson.Write(json, Value.From([.. names.Select(Value.From)]));
            json.Raw("}"u8);
        }));
        _ = routes.MapPost("/v1/spaces", context => AddSpaceAsync(context, home));
        routes.MapGet("/v1/doctor", async context => await Answers.WriteAsync(
            context, await home.LookAroundAsync(Requests.Truth(context, "daemon", ifLeftOut: true), context.RequestAborted), DoctorJson.Write)).Takes("daemon");
        _ = routes.MapPost("/v1/network/pause", context => Done(context, home.PauseNetwork));
        _ = routes.MapPost("/v1/network/resume", context => Done(context, home.ResumeNetwork));
    }

    private static async Task AddSpaceAsync(HttpContext context, ReplicaHome home)
    {
        var wish = SpaceRequest.Read(await Requests.ReadBodyAsync(context, Requests.SmallBodyBytesMax));
        var space = wish.Ticket is null
            ? await home.CreateSpaceAsync(wish.Name, wish.DisplayName, wish.Durability, context.RequestAborted)
            : await home.JoinSpaceAsync(wish.Name, wish.Ticket, wish.DisplayName, wish.Durability, context.RequestAborted);
        await Answers.WriteAsync(context, space, static (output, made) =>
        {
            var json = new CanonicalJson(output);
            json.Raw("{\"space\":"u8);
            json.Text(made.Name);
            json.Raw(",\"id\":"u8);
            json.Text(made.Id.ToString());
            json.Raw("}"u8);
        });
    }

    private static Task Done(HttpContext context, Action act)
    {
        act();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
